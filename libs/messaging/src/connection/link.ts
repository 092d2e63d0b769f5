import { backoffMs, withDeadline, type Logger } from '@alfa-cloud/service-kit';
import type { NatsConnection } from '@nats-io/transport-node';
import { connectToNats, firstDelayMs, maxDelayMs } from './connect.ts';
import { createLinkState, type LinkState } from './link-state.ts';
import { MessagingUnavailable } from './messaging-unavailable.ts';
import { parseNatsUrl } from './nats-url.ts';
import { defaultStreamLimits, type StreamLimits } from './stream-configs.ts';
import { watchConnection } from './watch-connection.ts';

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
 * The one NATS connection of a process. It reconnects without limit, and recreates missing streams after each reconnect before it is ready:
 * a server may have come back with an empty store.
 */
export interface Link {
  readonly connection: NatsConnection;
  readonly logger: Logger;
  readonly limits: StreamLimits;
  /** Connected, and the streams exist. */
  readonly isReady: () => boolean;
  /** When it last became ready after a break, by `performance.now()`; minus infinity when it never broke. */
  readonly returnedAt: () => number;
  /** @throws MessagingUnavailable when it is not ready within `timeoutMs`; the signal's reason when that is aborted */
  ready(timeoutMs: number, signal?: AbortSignal): Promise<void>;
  /** One call over the connection. Rejects as soon as the connection breaks, without waiting for the call's own timeout. */
  attempt<T>(call: (connection: NatsConnection) => Promise<T>): Promise<T>;
  /** Identifies the present incarnation of the command stream; see {@link ensureStreams}. */
  readonly streamBorn: () => string;
  /** To be called when a stream was found missing: recreates the streams. Not ready until that is done. */
  readonly streamsLost: () => void;
  /** Calls the listener each time that the link becomes ready. @returns a function that removes it */
  onReady(listener: () => void): () => void;
  /** Calls the listener whenever the connection breaks or is closed. @returns a function that removes it */
  onBreak(listener: () => void): () => void;
  /** Lets pending work finish for at most `deadlineMs`, then closes. */
  close(deadlineMs: number): Promise<void>;
}

export const openLink = async (options: LinkOptions): Promise<Link> => {
  const { connectDeadlineMs = 30_000, logger, name } = options;
  const address = parseNatsUrl(options.url);
  const { label } = address;
  const limits = { ...defaultStreamLimits, ...options.limits };
  const end = performance.now() + connectDeadlineMs;
  let failures = 0;
  const connection = await connectToNats(address, {
    name,
    deadlineMs: connectDeadlineMs,
    reconnectDelayMs: () => backoffMs(Math.min(failures, 10) + 1, firstDelayMs, maxDelayMs),
  });

  const state = createLinkState(connection, limits, logger);
  void watchConnection(connection, {
    onDisconnected: () => {
      failures = 0;
      state.disconnected();
      logger.warn({ nats: label }, 'NATS: connection lost, trying to get it back');
    },
    onReconnecting: () => {
      failures += 1;
    },
    onReconnected: () => {
      logger.info({ nats: label }, 'NATS: connected again');
      state.connected();
    },
    onOther: (status) => logger.warn({ nats: label, event: status.type, detail: status }, 'NATS: event'),
  });
  void connection.closed().then((error) => {
    state.disconnected();
    if (error instanceof Error) logger.error({ err: error }, 'NATS: connection closed for good');
  });

  state.connected();
  const link = createLink(connection, state, { limits, logger, label });
  try {
    await link.ready(Math.max(1, end - performance.now()));
  } catch {
    await link.close(0);
    throw new MessagingUnavailable(
      `JetStream at ${label} is not ready: ${state.lastFailure() ?? 'it does not answer'}`,
    );
  }
  return link;
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
  onReady: (listener) => listen(state.readyListeners, listener),
  onBreak: (listener) => listen(state.breakListeners, listener),
  async ready(timeoutMs, signal) {
    if (state.isReady()) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const stopListening = listen(state.readyListeners, resolve);
    try {
      await withDeadline(timeoutMs, 'waiting for NATS', () => promise, signal);
    } catch (error) {
      if (signal?.aborted === true) throw error;
      throw new MessagingUnavailable(`NATS at ${label} does not answer`, { cause: error });
    } finally {
      stopListening();
    }
  },
  async attempt(call) {
    // While disconnected, the client would buffer the message and silently drop it at its next attempt to connect.
    if (!state.isConnected()) throw new MessagingUnavailable(`NATS at ${label} is not connected`);
    const { promise: broken, reject } = Promise.withResolvers<never>();
    const stopListening = listen(state.breakListeners, () =>
      reject(new MessagingUnavailable(`The connection to NATS at ${label} broke`)),
    );
    try {
      return await Promise.race([broken, call(connection)]);
    } finally {
      stopListening();
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

/** @returns a function that removes the listener */
const listen = (listeners: Set<() => void>, listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};
