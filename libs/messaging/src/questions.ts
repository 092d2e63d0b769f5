import { createInbox, type Msg } from 'nats';
import { createAnswerWaiters, type Asked } from './answer-waiters.ts';
import { endOfTurn } from './end-of-turn.ts';
import type { Link } from './link.ts';

/** Questions under way at the same time. */
const maxWaiting = 10_000;

/** One attempt to get an answer over NATS. */
export interface Questions {
  /**
   * Never waits longer than `timeoutMs`; told at once when nobody listens or the connection breaks.
   * @throws MessagingUnavailable when too many wait · NatsError when the question is too large for the server
   */
  ask(subject: string, payload: Buffer, timeoutMs: number): Promise<Asked>;
}

/**
 * Request and reply over one subscription for the answers to all questions of a connection.
 * The client's own `request` makes an error with its stack for each call, for the case that it fails, which costs more than the rest of it.
 */
export const createQuestions = (link: Link): Questions => {
  const waiters = createAnswerWaiters(maxWaiting);
  const inbox = `${createInbox()}.`;
  const onAnswer = (message: Msg): void => {
    const isNobody = message.headers?.code === 503 && message.data.length === 0;
    waiters.settle(message.subject.slice(inbox.length), isNobody ? 'nobody' : message.data);
  };
  let isListening = false;
  /** Not before the first question. The client subscribes again by itself after each reconnect. */
  const listen = (): void => {
    if (isListening) return;
    isListening = true;
    link.onBreak(() => waiters.settleAll('broken'));
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
      waiters.settle(token, 'broken');
      throw error;
    }
  };
  return {
    async ask(subject, payload, timeoutMs) {
      listen();
      const { token, asked } = waiters.join(timeoutMs);
      await endOfTurn();
      // The client would keep the message for later and drop it at the next dial, without a word.
      if (!link.isReady()) waiters.settle(token, 'broken');
      else publish(subject, payload, token);
      return asked;
    },
  };
};
