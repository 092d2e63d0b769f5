import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import serverFeaturesPb from '@eventstore/db-client/generated/serverfeatures_pb.js';
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { Server, ServerCredentials, status, type ServerWritableStream } from '@grpc/grpc-js';
import type { NewEvent } from '../src/index.ts';
import { cause } from './support.ts';

type Call = ServerWritableStream<streamsPb.ReadReq, streamsPb.ReadResp>;

export interface PositionedEvent {
  /** Not dense: on a real server positions are offsets of bytes. */
  position: bigint;
  event: NewEvent;
}

/** Answers reads and subscriptions of all events about positions as EventStoreDB 24.10.4 was measured to do. */
export class RealPositionsServer {
  readonly connectionString: string;
  readonly #server: Server;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.connectionString = `esdb://127.0.0.1:${port}?tls=false`;
  }

  static async start(events: readonly PositionedEvent[]): Promise<RealPositionsServer> {
    const server = new Server();
    server.addService(StreamsService, {
      read: (call: Call) => read(call, events),
    });
    server.addService(ServerFeaturesService, {
      getSupportedMethods: (
        _call: unknown,
        answer: (error: null, value: serverFeaturesPb.SupportedMethods) => void,
      ) => answer(null, new serverFeaturesPb.SupportedMethods().setEventStoreServerVersion('24.10.4')),
    });
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      );
    });
    return new RealPositionsServer(server, port);
  }

  stop(): void {
    this.#server.forceShutdown();
  }
}

const read = (call: Call, events: readonly PositionedEvent[]): void => {
  const options = call.request.getOptions();
  const given = options?.getAll()?.getPosition()?.getCommitPosition();
  const from = given === undefined ? null : BigInt(given);
  const last = events.at(-1)?.position ?? -1n;
  const isRecord = from === null || from > last || events.some(({ position }) => position === from);
  if (options?.hasSubscription() !== true) {
    if (!isRecord) {
      call.emit('error', { code: status.UNKNOWN, details: 'Unexpected ReadAllResult: InvalidPosition' });
      return;
    }
    const found = events.filter(({ position }) => from === null || position >= from);
    for (const each of found.slice(0, Number(options?.getCount()))) call.write(message(each));
    call.end();
    return;
  }
  call.write(
    new streamsPb.ReadResp().setConfirmation(
      new streamsPb.ReadResp.SubscriptionConfirmation().setSubscriptionId('s'),
    ),
  );
  if (!isRecord) {
    const details = 'Trying to read from an invalid position.';
    call.emit('error', { code: status.INVALID_ARGUMENT, details });
    return;
  }
  for (const each of events) if (from === null || each.position > from) call.write(message(each));
  call.write(new streamsPb.ReadResp().setCaughtUp(new streamsPb.ReadResp.CaughtUp()));
};

const message = ({ position, event: { id, event } }: PositionedEvent): streamsPb.ReadResp => {
  const recorded = new streamsPb.ReadResp.ReadEvent.RecordedEvent()
    .setId(new sharedPb.UUID().setString(id))
    .setStreamIdentifier(new sharedPb.StreamIdentifier().setStreamName(Buffer.from('operation-1')))
    .setPreparePosition(String(position))
    .setCommitPosition(String(position))
    .setCustomMetadata(
      Buffer.from(JSON.stringify({ ...cause, at: new Date().toISOString(), schemaVersion: 1 })),
    )
    .setData(Buffer.from(JSON.stringify(event.data)));
  recorded
    .getMetadataMap()
    .set('type', event.type)
    .set('created', '17000000000000000')
    .set('content-type', 'application/json');
  return new streamsPb.ReadResp().setEvent(
    new streamsPb.ReadResp.ReadEvent().setEvent(recorded).setCommitPosition(String(position)),
  );
};
