import { backoffMs, errorMessage, retry, sleep, withDeadline, type Logger } from '@alfa-cloud/service-kit';
import { connect, type NatsConnection, type Status } from 'nats';
import { parseNatsUrl } from './connection-url.ts';
import { MessagingUnavailable } from './ports.ts';
import { defaultStreamLimits, ensureStreams, type StreamLimits } from './streams.ts';

export interface LinkOptions {
  /** `nats://host:port`, several separated by commas; may carry `user:password@`. */
  url: string;
  /** Shown in the server's list of connections. */
  name: string;
  logger: Logger;
  /** Longest wait for the first connection and the streams. Default 30 s. */
  connectDeadlineMs?: number;
  /** Bounds of the streams. */
  limits?: Partial<StreamLimits>;
}

/**
 * The one connection of a process. It reconnects for ever, and after each reconnect sees to the streams before it counts as ready:
 * a server that came back with an empty store has them again before anything is sent.
 */
export interface Link {
  readonly connection: NatsConnection;
  readonly logger: Logger;
  readonly limits: StreamLimits;
  /** Connected and the streams are there. */
  readonly isReady: () => boolean;
  /** When it last became ready again after a break, by `performance.now()`; minus infinity when there was none. */
  readonly returnedAt: () => number;
  /** @throws MessagingUnavailable when it is not ready within `timeoutMs`; the signal's reason when that is aborted */
  ready(timeoutMs: number, signal?: AbortSignal): Promise<void>;
  /** One call over the connection; rejects at once when the connection breaks, instead of at the call's own time-out. */
  attempt<T>(call: (connection: NatsConnection) => Promise<T>): Promise<T>;
  /** Identity of the command stream; see {@link ensureStreams}. */
  readonly streamBorn: () => string;
  /** Somebody found a stream missing: makes it again. Not ready until then. */
  readonly streamsLost: () => void;
  /** Calls the listener after each return of the connection. @returns a function that ends it */
  onReady(listener: () => void): () => void;
  /** Calls the listener whenever the connection breaks or is closed. @returns a function that ends it */
  onBreak(listener: () => void): () => void;
  /** Lets what is under way end for `deadlineMs`, then closes. */
  close(deadlineMs: number): Promise<void>;
}

const firstDelayMs = 100;
const maxDelayMs = 3000;

export const openLink = async (options: LinkOptions): Promise<Link> => {
  const { connectDeadlineMs = 30_000, logger } = options;
  const { label, ...address } = parseNatsUrl(options.url);
  const limits = { ...defaultStreamLimits, ...options.limits };
  const began = performance.now();
  let failures = 0;
  const dial = () =>
    connect({
      ...address,
      name: options.name,
      timeout: 3000,
      maxReconnectAttempts: -1,
      ignoreAuthErrorAbort: true,
      // A dead peer is noticed within half a minute even when no packet comes back.
      pingInterval: 10_000,
      maxPingOut: 2,
      noAsyncTraces: true,
      // The system finds the name, with /etc/hosts: the client's own look-up asks the name servers alone, for half a minute when they are silent.
      resolve: false,
      reconnectDelayHandler: () => backoffMs(Math.min(failures, 10) + 1, firstDelayMs, maxDelayMs),
    });
  let connection: NatsConnection;
  try {
    connection = await retry(dial, { deadlineMs: connectDeadlineMs, firstDelayMs, maxDelayMs });
  } catch (error) {
    throw new MessagingUnavailable(`NATS at ${label} can't be reached: ${errorMessage(error)}`, {
      cause: error,
    });
  }

  const state = createState(connection, limits, logger);
  void watch(connection, {
    onDisconnected: () => {
      failures = 0;
      state.disconnected();
      logger.warn({ nats: label }, 'NATS: connection lost, trying to get it back');
    },
    onDialing: () => {
      failures += 1;
    },
    onReconnected: () => {
      logger.info({ nats: label }, 'NATS: connected again');
      state.connected();
    },
    onOther: (status) => logger.warn({ nats: label, event: status.type, detail: status.data }, 'NATS: event'),
  });
  void connection.closed().then((error) => {
    state.disconnected();
    if (error instanceof Error) logger.error({ err: error }, 'NATS: connection closed for good');
  });

  state.connected();
  const link = createLink(connection, state, { limits, logger, label });
  try {
    await link.ready(Math.max(1, connectDeadlineMs - (performance.now() - began)));
  } catch {
    await link.close(0);
    throw new MessagingUnavailable(
      `JetStream at ${label} is not ready: ${state.lastFailure() ?? 'it does not answer'}`,
    );
  }
  return link;
};

/** Follows the connection and keeps the streams in being. */
const createState = (connection: NatsConnection, limits: StreamLimits, logger: Logger) => {
  let isConnected = false;
  let isReady = false;
  let returnedAt = -Infinity;
  let born = '';
  let lastFailure: string | undefined;
  /** Changes with every break, so that an ensuring that was overtaken by one is dropped. */
  let epoch = 0;
  const readyListeners = new Set<() => void>();
  const breakListeners = new Set<() => void>();

  const ensure = async (own: number): Promise<void> => {
    const isOvertaken = () => own !== epoch || connection.isClosed();
    for (let attempt = 1; !isOvertaken(); attempt += 1) {
      try {
        const streams = await ensureStreams(connection, limits);
        if (isOvertaken()) return;
        born = streams.born;
        isReady = true;
        if (own > 1) returnedAt = performance.now();
        lastFailure = undefined;
        for (const listener of readyListeners) listener();
        return;
      } catch (error) {
        if (isOvertaken()) return;
        lastFailure = errorMessage(error);
        if (attempt > 2) logger.warn({ err: error }, 'NATS: the streams can not be made ready yet');
        await sleep(backoffMs(attempt, firstDelayMs, maxDelayMs));
      }
    }
  };
  const begin = () => {
    epoch += 1;
    isReady = false;
    if (isConnected) void ensure(epoch);
  };
  return {
    isReady: () => isReady,
    isConnected: () => isConnected,
    returnedAt: () => returnedAt,
    born: () => born,
    lastFailure: () => lastFailure,
    readyListeners,
    breakListeners,
    connected() {
      isConnected = true;
      begin();
    },
    disconnected() {
      isConnected = false;
      begin();
      for (const listener of breakListeners) listener();
    },
    streamsLost: () => {
      if (isReady) begin();
    },
  };
};

type LinkState = ReturnType<typeof createState>;

const watch = async (
  connection: NatsConnection,
  on: {
    onDisconnected(): void;
    onDialing(): void;
    onReconnected(): void;
    onOther(status: Status): void;
  },
): Promise<void> => {
  for await (const status of connection.status()) {
    switch (status.type as string) {
      case 'disconnect':
        on.onDisconnected();
        break;
      case 'reconnecting':
        on.onDialing();
        break;
      case 'reconnect':
        on.onReconnected();
        break;
      case 'pingTimer':
      case 'update':
        break;
      default:
        on.onOther(status);
    }
  }
};

const createLink = (
  connection: NatsConnection,
  state: LinkState,
  { limits, logger, label }: { limits: StreamLimits; logger: Logger; label: string },
): Link => ({
  connection,
  logger,
  limits,
  isReady: state.isReady,
  returnedAt: state.returnedAt,
  streamBorn: state.born,
  streamsLost: state.streamsLost,
  onReady(listener) {
    state.readyListeners.add(listener);
    return () => state.readyListeners.delete(listener);
  },
  onBreak(listener) {
    state.breakListeners.add(listener);
    return () => state.breakListeners.delete(listener);
  },
  async ready(timeoutMs, signal) {
    if (state.isReady()) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    state.readyListeners.add(resolve);
    try {
      await withDeadline(timeoutMs, 'waiting for NATS', () => promise, signal);
    } catch (error) {
      if (signal?.aborted === true) throw error;
      throw new MessagingUnavailable(`NATS at ${label} does not answer`, { cause: error });
    } finally {
      state.readyListeners.delete(resolve);
    }
  },
  async attempt(call) {
    // The client would keep the message for later and drop it at the next dial, without a word.
    if (!state.isConnected()) throw new MessagingUnavailable(`NATS at ${label} is not connected`);
    const { promise: broken, reject } = Promise.withResolvers<never>();
    const onBreak = () => reject(new MessagingUnavailable(`The connection to NATS at ${label} broke`));
    state.breakListeners.add(onBreak);
    try {
      return await Promise.race([broken, call(connection)]);
    } finally {
      state.breakListeners.delete(onBreak);
    }
  },
  async close(deadlineMs) {
    if (connection.isClosed()) return;
    try {
      if (deadlineMs > 0 && state.isConnected())
        await withDeadline(deadlineMs, 'draining the connection to NATS', () => connection.drain());
    } catch (error) {
      logger.warn({ err: error }, 'NATS: closed before everything was drained');
    } finally {
      await connection.close();
    }
  },
});
