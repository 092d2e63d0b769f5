import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type {
  UntypedServiceImplementation,
  handleBidiStreamingCall,
  handleClientStreamingCall,
  handleServerStreamingCall,
  handleUnaryCall,
} from '@grpc/grpc-js';
import { toStatusError } from './errors.ts';
import { BatchAppendCall } from './batch-append.ts';
import { classicAppend } from './classic-append.ts';
import type { CommitFeed } from './commit-feed.ts';
import { serveDelete, serveTombstone } from './delete.ts';
import type { GroupCommit } from './group-commit.ts';
import type { LogStore } from './log-store.ts';
import { readAll, readStream } from './read.ts';
import type { ReadRequest } from './read-request.ts';
import { parseReadRequest } from './read-request.ts';
import type { ResponseStream } from './response-stream.ts';
import { respond } from './response-stream.ts';
import { subscribe } from './subscription.ts';
import { allSource, streamSource } from './subscription-source.ts';

export interface StreamsDependencies {
  readonly log: LogStore;
  readonly commits: GroupCommit;
  readonly feed: CommitFeed;
  readonly maxAppendBytes: number;
  /** Aborted when the server stops: open reads and subscriptions then end. */
  readonly stopping: AbortSignal;
  readonly onFault: (error: unknown) => void;
}

const asTheyCome = (bytes: Buffer): Buffer => bytes;

/**
 * `event_store.client.streams.Streams`, with answers to reads that are encoded already and appends that are still encoded: the generated classes would take
 * most of the time of either.
 */
export const streamsDefinition = {
  ...StreamsService,
  read: { ...StreamsService.read, responseSerialize: asTheyCome },
  append: { ...StreamsService.append, requestDeserialize: asTheyCome },
  batchAppend: { ...StreamsService.batchAppend, requestDeserialize: asTheyCome },
};

export interface StreamsHandlers extends UntypedServiceImplementation {
  read: handleServerStreamingCall<streamsPb.ReadReq, Buffer>;
  append: handleClientStreamingCall<Buffer, streamsPb.AppendResp>;
  batchAppend: handleBidiStreamingCall<Buffer, streamsPb.BatchAppendResp>;
  delete: handleUnaryCall<streamsPb.DeleteReq, streamsPb.DeleteResp>;
  tombstone: handleUnaryCall<streamsPb.TombstoneReq, streamsPb.TombstoneResp>;
}

/** The handlers of {@link streamsDefinition}. */
export function createStreamsService(dependencies: StreamsDependencies): StreamsHandlers {
  const { log, commits, feed, maxAppendBytes, stopping, onFault } = dependencies;
  return {
    read(call) {
      let request: ReadRequest;
      try {
        request = parseReadRequest(call.request);
      } catch (error) {
        call.emit('error', toStatusError(error));
        return;
      }
      void respond(call, stopping, onFault, (responses) => read(log, feed, request, responses));
    },
    append(call, answer) {
      classicAppend(commits, maxAppendBytes, stopping, call, answer);
    },
    batchAppend(call) {
      new BatchAppendCall(call, commits, maxAppendBytes).serve(stopping);
    },
    delete(call, answer) {
      serveDelete(commits, call.request, answer);
    },
    tombstone(call, answer) {
      serveTombstone(commits, call.request, answer);
    },
  };
}

function read(
  log: LogStore,
  feed: CommitFeed,
  request: ReadRequest,
  responses: ResponseStream,
): Promise<void> {
  switch (request.kind) {
    case 'readStream':
      return readStream(log, request, responses);
    case 'readAll':
      return readAll(log, request, responses);
    case 'subscribeToStream':
      return subscribe(
        log,
        streamSource(log, feed, request),
        { ...request, checkpointInterval: undefined },
        responses,
      );
    case 'subscribeToAll':
      return subscribe(
        log,
        allSource(log, feed, request),
        { ...request, checkpointInterval: request.filter?.checkpointInterval },
        responses,
      );
    default:
      return request satisfies never;
  }
}
