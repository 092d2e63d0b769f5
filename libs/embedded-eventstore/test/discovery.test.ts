import {
  EventStoreDBClient,
  persistentSubscriptionToStreamSettingsFromDefaults,
} from '@eventstore/db-client';
import { GossipClient } from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import type gossipPb from '@eventstore/db-client/generated/gossip_pb.js';
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import { ServerFeaturesClient } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import type serverFeaturesPb from '@eventstore/db-client/generated/serverfeatures_pb.js';
import { credentials } from '@grpc/grpc-js';
import { expect, test } from '@jest/globals';
import { collect, counted, failureOf, newStream, realServer, useStore } from './support.ts';

const store = useStore();
const address = () => new URL(store.connectionString.replace(/^esdb(\+discover)?:/, 'http:'));

test('says which methods it serves, and which version it is like', async () => {
  const client = new ServerFeaturesClient(address().host, credentials.createInsecure());
  const supported = await new Promise<serverFeaturesPb.SupportedMethods>((resolve, reject) => {
    client.getSupportedMethods(new sharedPb.Empty(), (error, response) =>
      error === null ? resolve(response) : reject(error),
    );
  });
  client.close();
  expect(supported.getEventStoreServerVersion()).toMatch(/^\d+\.\d+\.\d+/);
  const methods = new Map(
    supported
      .getMethodsList()
      .map((method) => [`${method.getServiceName()}/${method.getMethodName()}`, method.getFeaturesList()]),
  );
  const streams = 'event_store.client.streams.streams';
  expect(methods.get(`${streams}/read`)).toEqual(expect.arrayContaining(['position', 'events']));
  expect(methods.get(`${streams}/batchappend`)).toEqual(['deadline_duration']);
  for (const method of ['append', 'delete', 'tombstone'])
    expect(methods.has(`${streams}/${method}`)).toBe(true);
});

test('gossips that it is alive and leads, under the address by which it was reached', async () => {
  const client = new GossipClient(address().host, credentials.createInsecure());
  const cluster = await new Promise<gossipPb.ClusterInfo>((resolve, reject) => {
    client.read(new sharedPb.Empty(), (error, response) =>
      error === null ? resolve(response) : reject(error),
    );
  });
  client.close();
  const [member] = cluster.getMembersList();
  expect(member?.getIsAlive()).toBe(true);
  expect(member?.getHttpEndPoint()?.toObject()).toEqual({
    address: address().hostname,
    port: Number(address().port),
  });
});

test('is found by a client that discovers', async () => {
  const client = EventStoreDBClient.connectionString(`esdb+discover://${address().host}?tls=false`);
  const stream = newStream();
  // The other path: pending batch appends of two clients in one process are not independent.
  const classic = { credentials: { username: 'admin', password: 'changeit' } };
  await client.appendToStream(stream, counted(1), { expectedRevision: 'no_stream', ...classic });
  expect(await collect(client.readStream(stream))).toHaveLength(1);
  await client.dispose();
});

(realServer === undefined ? test : test.skip)('what it does not serve is told as unsupported', async () => {
  const stream = newStream();
  const create = store.client.createPersistentSubscriptionToStream(
    stream,
    'group',
    persistentSubscriptionToStreamSettingsFromDefaults(),
  );
  expect(await failureOf(create)).toMatchObject({ code: 12 });
});
