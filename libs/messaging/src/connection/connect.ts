import { errorMessage, retry } from '@alfa-cloud/service-kit';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { MessagingUnavailable } from './messaging-unavailable.ts';
import type { NatsAddress } from './nats-url.ts';

/** Bounds of the pause between two attempts to connect, in milliseconds. */
export const firstDelayMs = 100;
export const maxDelayMs = 3000;

/**
 * Connects to NATS with a client that reconnects without limit.
 * @param options.reconnectDelayMs pause before the next attempt to reconnect
 * @throws MessagingUnavailable when no attempt succeeds within `deadlineMs`
 */
export const connectToNats = async (
  { label, ...address }: NatsAddress,
  options: { name: string; deadlineMs: number; reconnectDelayMs: () => number },
): Promise<NatsConnection> => {
  const dial = () =>
    connect({
      ...address,
      name: options.name,
      timeout: 3000,
      maxReconnectAttempts: -1,
      ignoreAuthErrorAbort: true,
      // Detects a dead peer within half a minute, even when no packet comes back.
      pingInterval: 10_000,
      maxPingOut: 2,
      noAsyncTraces: true,
      // Lets the system resolve the host name, /etc/hosts included. The client's own resolver asks only the name servers, and waits half
      // a minute for silent ones.
      resolve: false,
      reconnectDelayHandler: options.reconnectDelayMs,
    });
  try {
    return await retry(dial, { deadlineMs: options.deadlineMs, firstDelayMs, maxDelayMs });
  } catch (error) {
    throw new MessagingUnavailable(`NATS at ${label} can't be reached: ${errorMessage(error)}`, {
      cause: error,
    });
  }
};
