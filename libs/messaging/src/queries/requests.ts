import { createInbox, type Msg } from '@nats-io/transport-node';
import type { Link } from '../connection/link.ts';
import { createPendingRequests, type RequestOutcome } from './pending-requests.ts';
import { nextWriteBatch } from './write-batch.ts';

/** Requests pending at the same time. */
const maxWaiting = 10_000;

/** Sends requests over NATS, one attempt each. */
export interface Requests {
  /**
   * Waits at most `timeoutMs`, and ends at once when nobody listens or the connection breaks.
   * @throws MessagingUnavailable when too many requests wait; InvalidArgumentError when the request is too large for the server
   */
  send(subject: string, payload: Buffer, timeoutMs: number): Promise<RequestOutcome>;
}

/**
 * Request and reply with one subscription for the answers to all requests of a connection.
 * The client's own `request` creates an error with its stack for each call, in case that it fails, which costs more than the rest of the call.
 */
export const createRequests = (link: Link): Requests => {
  const pending = createPendingRequests(maxWaiting);
  const inbox = `${createInbox()}.`;
  const onAnswer = (message: Msg): void => {
    const isNobody = message.headers?.code === 503 && message.data.length === 0;
    pending.settle(message.subject.slice(inbox.length), isNobody ? 'nobody' : message.data);
  };
  let isListening = false;
  /** From the first request on. The client itself renews the subscription after each reconnect. */
  const listen = (): void => {
    if (isListening) return;
    isListening = true;
    link.onBreak(() => pending.settleAll('broken'));
    link.connection.subscribe(`${inbox}*`, {
      callback(error, message) {
        if (error === null) onAnswer(message);
        else link.logger.error({ err: error }, 'NATS: the subscription to answers failed');
      },
    });
  };
  const publish = (subject: string, payload: Buffer, token: string): void => {
    try {
      link.connection.publish(subject, payload, { reply: `${inbox}${token}` });
    } catch (error) {
      pending.settle(token, 'broken');
      throw error;
    }
  };
  return {
    async send(subject, payload, timeoutMs) {
      listen();
      const { token, asked } = pending.join(timeoutMs);
      await nextWriteBatch();
      // While disconnected, the client would buffer the message and silently drop it at its next attempt to connect.
      if (!link.isReady()) pending.settle(token, 'broken');
      else publish(subject, payload, token);
      return asked;
    },
  };
};
