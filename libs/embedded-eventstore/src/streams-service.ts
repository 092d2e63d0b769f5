import type { IStreamsServer } from '@eventstore/db-client/generated/streams_grpc_pb.js';
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

/** The handlers of `event_store.client.streams.Streams`. */
export function createStreamsService(dependencies: StreamsDependencies): IStreamsServer {
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
      classicAppend(commits, maxAppendBytes, call, answer);
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
