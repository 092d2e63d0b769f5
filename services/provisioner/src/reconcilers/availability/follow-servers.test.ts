import { expect, test } from '@jest/globals';
import { fakeCloudServer } from '@alfa-cloud/cloud-server/testing';
import { newId, streams } from '@alfa-cloud/contracts';
import { inMemoryEventStore } from '@alfa-cloud/event-sourcing/testing';
import { createLogger } from '@alfa-cloud/service-kit';
import { eventually } from '@alfa-cloud/testing';
import { createServerFollowers } from './follow-servers.ts';

const serverId = newId();
const cause = { commandId: 'c', correlationId: 'c', causationId: 'c', actor: 'admin' };

const following = async () => {
  const store = inMemoryEventStore();
  const data = {
    serverId,
    operationId: newId(),
    name: 'S',
    role: 'production' as const,
    domain: 'lab.test',
    connection: { kind: 'local' as const },
    active: true,
    capacity: { clients: 1 },
    proxy: { httpPort: 8080 },
    secrets: 'v1.x',
  };
  const registered = { id: newId(), event: { type: 'ServerRegistered' as const, data } };
  await store.append(streams.server(serverId), [registered], { expectedRevision: 'no_stream', cause });
  const cloud = fakeCloudServer({ images: { i: {} } });
  const told: string[] = [];
  const followers = createServerFollowers({
    store,
    cloudServers: { of: () => cloud, close: async () => {} },
    logger: createLogger({ service: 'test', level: 'fatal' }),
    onClient: (_serverId, clientId) => told.push(`client ${clientId}`),
    onImage: () => {},
    onServer: () => told.push('server'),
  });
  return { cloud, told, followers };
};

test('tells of containers of clients, of proxy and database, and of no others', async () => {
  const { cloud, told, followers } = await following();
  const start = async (name: string, more: Record<string, string> = {}) => {
    const labels = { 'cloud.alfa.managed': 'true', ...more };
    await cloud.docker.createContainer(name, { image: 'i', labels } as never);
    await cloud.docker.startContainer(name);
  };
  followers.sync([serverId]);
  await eventually('the engine is heard', () => told.length === 1);
  await cloud.docker.createNetwork('alfa.smoke.1', { labels: { 'cloud.alfa.managed': 'true' } });
  await start('alfa.smoke.application.1');
  await cloud.docker.connectNetwork('alfa.smoke.1', 'alfa.smoke.application.1');
  await start('alfa-a', { 'cloud.alfa.client': 'a' });
  await start('alfa-proxy');
  await start('alfa-database');
  await eventually('all that comes', () => told.filter((each) => each === 'server').length >= 3);
  expect(told).toEqual(['server', 'client a', 'server', 'server']);
  await followers.stop();
});
