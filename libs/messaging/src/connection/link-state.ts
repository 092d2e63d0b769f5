import { backoffMs, errorMessage, sleep, type Logger } from '@alfa-cloud/service-kit';
import type { NatsConnection } from '@nats-io/transport-node';
import { firstDelayMs, maxDelayMs } from './connect.ts';
import type { StreamLimits } from './stream-configs.ts';
import { ensureStreams } from './streams.ts';

/** Tracks the connection and keeps the streams in existence: the link is ready when it is connected and the streams exist. */
export const createLinkState = (connection: NatsConnection, limits: StreamLimits, logger: Logger) => {
  let isConnected = false;
  let isReady = false;
  let returnedAt = -Infinity;
  let born = '';
  let lastFailure: string | undefined;
  /** Raised by every change of the connection; an attempt to create the streams stops when it belongs to an earlier epoch. */
  let epoch = 0;
  const readyListeners = new Set<() => void>();
  const breakListeners = new Set<() => void>();

  const ensure = async (own: number): Promise<void> => {
    const isOutdated = () => own !== epoch || connection.isClosed();
    for (let attempt = 1; !isOutdated(); attempt += 1) {
      try {
        const streams = await ensureStreams(connection, limits);
        if (isOutdated()) return;
        born = streams.born;
        isReady = true;
        if (own > 1) returnedAt = performance.now();
        lastFailure = undefined;
        for (const listener of readyListeners) listener();
        return;
      } catch (error) {
        if (isOutdated()) return;
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

export type LinkState = ReturnType<typeof createLinkState>;
