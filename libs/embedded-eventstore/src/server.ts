import { GossipService } from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import type gossipPb from '@eventstore/db-client/generated/gossip_pb.js';
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import type serverFeaturesPb from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type { ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { randomUUID } from 'node:crypto';
import type { ServerOptions } from 'node:http2';
import { isIPv6 } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CommitFeed } from './commit-feed.ts';
import { clusterOfOne } from './gossip.ts';
import { GroupCommit } from './group-commit.ts';
import { LogStore } from './log-store.ts';
import { openDatabase } from './schema.ts';
import { supportedMethods } from './server-features.ts';
import { StartupError } from './startup-error.ts';
import { createStreamsService, streamsDefinition } from './streams-service.ts';

/** How and where to run a store. */
export interface EmbeddedEventStoreOptions {
  /** Holds the database file; made if absent. One process at a time can have it. */
  readonly directory: string;
  /** 0, the default, takes a free port. */
  readonly port?: number;
  /** Address to listen on; default 127.0.0.1. There is no authentication: give others access knowingly. */
  readonly host?: string;
  /** Most bytes of data in one append; default 1 MiB as the real server's. */
  readonly maxAppendBytes?: number;
  /** Appends that arrive while this many bytes wait are refused with UNAVAILABLE "Server Is Too Busy"; default 64 MiB. */
  readonly maxQueuedBytes?: number;
  /** Called with errors that are a fault of this server and no answer to a client. By default they are ignored. */
  readonly onFault?: (error: unknown) => void;
}

/** A running store. */
export interface EmbeddedEventStore extends AsyncDisposable {
  readonly port: number;
  /** For `EventStoreDBClient.connectionString`. */
  readonly connectionString: string;
  /** Writes what has been accepted, ends subscriptions with UNAVAILABLE and closes the file. Can be called again. */
  stop(): Promise<void>;
}

const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
const MAX_GROUP_BYTES = 4 * 1024 * 1024;
const DEFAULT_MAX_APPEND_BYTES = 1024 * 1024;
const DEFAULT_MAX_QUEUED_BYTES = 64 * 1024 * 1024;
/** Time that open calls get to end by themselves. */
const STOP_GRACE_MS = 2000;
const KEEP_ALIVE_MS = 10_000;
/** HTTP/2 streams that a client may reset at once, and in each second. */
const RESETS_MAX = 1_000_000;

/**
 * Opens the store in a directory and serves it.
 * @throws StartupError when the directory or the address cannot be used; nothing is left open then
 */
export async function startEmbeddedEventStore(
  options: EmbeddedEventStoreOptions,
): Promise<EmbeddedEventStore> {
  const { host = '127.0.0.1', maxAppendBytes = DEFAULT_MAX_APPEND_BYTES } = options;
  const { maxQueuedBytes = DEFAULT_MAX_QUEUED_BYTES, onFault = () => undefined } = options;
  const log = new LogStore(openDatabase(options.directory));
  const feed = new CommitFeed();
  const commits = new GroupCommit(log, { maxQueuedBytes, maxGroupBytes: MAX_GROUP_BYTES }, feed.committed);
  const stopping = new AbortController();
  const server = new Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': -1,
    'grpc.keepalive_time_ms': KEEP_ALIVE_MS,
    'grpc.keepalive_timeout_ms': KEEP_ALIVE_MS,
  });
  allowManyResets(server);
  server.addService(
    streamsDefinition,
    createStreamsService({ log, commits, feed, maxAppendBytes, stopping: stopping.signal, onFault }),
  );
  addDiscovery(server, host, () => port);
  const authority = isIPv6(host) ? `[${host}]` : host;
  const port = await bind(server, authority, options.port ?? 0).catch((error: unknown) => {
    log.close();
    throw error;
  });

  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= stopOnce());
  const stopOnce = async (): Promise<void> => {
    commits.close();
    // The answers to what was just committed go out before the calls are ended.
    await nextTurn();
    stopping.abort();
    await shutDown(server);
    log.close();
  };
  return {
    port,
    connectionString: `esdb://${authority}:${port}?tls=false`,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** What clients ask before they work: which methods there are, and which members the cluster has. */
function addDiscovery(server: Server, host: string, port: () => number): void {
  const instanceId = randomUUID();
  server.addService(ServerFeaturesService, {
    getSupportedMethods: (_call: unknown, answer: sendUnaryData<serverFeaturesPb.SupportedMethods>) =>
      answer(null, supportedMethods()),
  });
  server.addService(GossipService, {
    read: (call: ServerUnaryCall<unknown, unknown>, answer: sendUnaryData<gossipPb.ClusterInfo>) =>
      answer(null, clusterOfOne(instanceId, dialledHost(call.getHost(), host), port())),
  });
}

/** The host by which the client reached this server is the one that it can reach it by. */
function dialledHost(authority: string, listenHost: string): string {
  const host = /^\[?(.+?)\]?(?::\d+)?$/.exec(authority)?.[1];
  return host ?? listenHost;
}

function bind(server: Server, authority: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`${authority}:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else {
        reject(
          new StartupError('address_not_usable', `Cannot listen on ${authority}:${port}: ${error.message}.`, {
            cause: error,
          }),
        );
      }
    });
  });
}

function shutDown(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.forceShutdown(), STOP_GRACE_MS);
    server.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/**
 * A client cancels a subscription by resetting its HTTP/2 stream. Node ends the whole connection of a peer that resets 1,000 streams faster
 * than 33 a second, which protects public servers; here it would break every other call of a well-behaved client.
 * grpc-js has no public way to pass HTTP/2 options on.
 * @throws Error when grpc-js no longer keeps these options where they are set here
 */
function allowManyResets(server: Server): void {
  const { commonServerOptions } = server as unknown as { commonServerOptions?: ServerOptions };
  if (commonServerOptions === undefined)
    throw new Error('This version of grpc-js keeps its HTTP/2 options elsewhere.');
  Object.assign(commonServerOptions, { streamResetBurst: RESETS_MAX, streamResetRate: RESETS_MAX });
}
