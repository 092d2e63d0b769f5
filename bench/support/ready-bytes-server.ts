/**
 * The most that a server in Node can do: a bare grpc-js server whose answers to a read are encoded before anybody asks. It knows reads and subscriptions from the
 * start, and nothing else.
 */
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import serverFeaturesPb from '@eventstore/db-client/generated/serverfeatures_pb.js';
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerWritableStream, sendUnaryData } from '@grpc/grpc-js';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { randomUUID } from 'node:crypto';
import { event } from './event-store-process.ts';

const { ReadResp } = streamsPb;
const events = Number(process.argv[2]);

const encoded = (n: number): Buffer => {
  const { type, data, metadata } = event(n);
  const position = String(n + 1);
  const recorded = new ReadResp.ReadEvent.RecordedEvent()
    .setId(new sharedPb.UUID().setString(randomUUID()))
    .setStreamIdentifier(new sharedPb.StreamIdentifier().setStreamName(Buffer.from('bench')))
    .setStreamRevision(String(n))
    .setPreparePosition(position)
    .setCommitPosition(position)
    .setCustomMetadata(Buffer.from(JSON.stringify(metadata)))
    .setData(Buffer.from(JSON.stringify(data)));
  recorded
    .getMetadataMap()
    .set('type', type)
    .set('created', `${Date.now()}0000`)
    .set('content-type', 'application/json');
  const message = new ReadResp().setEvent(
    new ReadResp.ReadEvent().setEvent(recorded).setCommitPosition(position),
  );
  return Buffer.from(message.serializeBinary());
};

const ready = Array.from({ length: events }, (_, n) => encoded(n));
const confirmation = Buffer.from(
  new ReadResp()
    .setConfirmation(new ReadResp.SubscriptionConfirmation().setSubscriptionId(randomUUID()))
    .serializeBinary(),
);

const read = (call: ServerWritableStream<streamsPb.ReadReq, Buffer>): void => {
  const subscribes = call.request.getOptions()?.hasSubscription() === true;
  if (subscribes) call.write(confirmation);
  let next = 0;
  const goOn = (): void => {
    for (let bytes = ready[next]; bytes !== undefined; bytes = ready[next]) {
      next += 1;
      if (call.write(bytes)) continue;
      call.once('drain', goOn);
      return;
    }
    if (!subscribes) call.end();
  };
  goOn();
};

const server = new Server();
server.addService(
  { read: { ...StreamsService.read, responseSerialize: (bytes: Buffer) => bytes } },
  {
    read,
  },
);
server.addService(ServerFeaturesService, {
  getSupportedMethods: (_call: unknown, answer: sendUnaryData<serverFeaturesPb.SupportedMethods>) =>
    answer(null, new serverFeaturesPb.SupportedMethods().setEventStoreServerVersion('24.10.4')),
});
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  process.stdout.write(`${JSON.stringify({ connectionString: `esdb://127.0.0.1:${port}?tls=false` })}\n`);
});
