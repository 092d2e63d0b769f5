import { reject, subjects, type CommandReply, type Receipt } from '@alfa-cloud/contracts';
import { errorMessage, errorName, retry } from '@alfa-cloud/service-kit';
import type { Msg } from 'nats';
import { decode, encode } from './codec.ts';
import type { Link } from './link.ts';
import { jetStream, refusalCode } from './nats-errors.ts';
import { MessagingUnavailable, type CommandSender } from './ports.ts';
import { createReplyWaiters } from './reply-waiters.ts';
import type { Receipts } from './receipts.ts';
import { seeingToStreams } from './remembered.ts';
import type { Replies } from './replies.ts';

export interface CommandSenderOptions {
  /** Longest time to get a command stored, attempts included. Default 5 s. */
  storeDeadlineMs?: number;
  /** Commands waiting for an answer at the same time. Default 10 000. */
  maxWaiting?: number;
}

/** Room for the headers within the size limit of the stream. */
const headerBytes = 512;
const replyPrefix = subjects.reply('');

export const createCommandSender = (
  link: Link,
  { replies, receipts }: { replies: Replies; receipts: Receipts },
  options: CommandSenderOptions = {},
): CommandSender => {
  const { storeDeadlineMs = 5000, maxWaiting = 10_000 } = options;
  const waiters = createReplyWaiters(maxWaiting);
  const onReply = (message: Msg): void => {
    const commandId = message.subject.slice(replyPrefix.length);
    if (waiters.isAwaited(commandId)) waiters.answer(commandId, decode(message.data) as CommandReply);
  };
  let isListening = false;
  /** Not before the first command, so that services which send none are spared the replies. The server takes it in before what is sent after. */
  const listen = (): void => {
    if (isListening) return;
    isListening = true;
    link.connection.subscribe(subjects.allReplies, {
      callback(error, message) {
        if (error === null) onReply(message);
        else link.logger.error({ err: error }, 'NATS: the subscription to replies failed');
      },
    });
  };

  /**
   * Gets the command into the stream, or finds its answer when it was sent before.
   * Looking first matters: after a restart NATS recalls only the ids of messages that it still holds, so a finished command would be stored anew.
   * The first attempt to send a new one has nothing to find.
   */
  const store = async (
    id: string,
    subject: string,
    payload: Buffer,
    isNew: boolean,
  ): Promise<CommandReply | null> => {
    const end = performance.now() + storeDeadlineMs;
    const attempt = (number: number) =>
      seeingToStreams(link, async () => {
        await link.ready(Math.max(1, end - performance.now()));
        const known = isNew && number === 1 ? null : await replies.find(id);
        if (known !== null) return known;
        const stored = await link.attempt((nats) =>
          nats.jetstream({ timeout: 2000 }).publish(subject, payload, { msgID: id }),
        );
        return stored.duplicate ? await replies.find(id) : null;
      });
    try {
      return await retry(attempt, { deadlineMs: storeDeadlineMs, maxDelayMs: 1000, isRetryable });
    } catch (error) {
      throw toUnavailable(error);
    }
  };

  const lookOnce = async (id: string): Promise<CommandReply | null> => {
    try {
      return link.isReady() ? await replies.find(id) : null;
    } catch (error) {
      link.logger.warn({ err: error, commandId: id }, 'Could not look for the reply of a stored command');
      return null;
    }
  };

  /**
   * The reply that came in the last moment, or none once the receipt is stored. In this order: a handler that answers later looks for the
   * receipt after it has stored its answer, so it is seen by one of the two at least.
   */
  const lookWithReceipt = async (receipt: Receipt): Promise<CommandReply | null> => {
    try {
      await receipts.store(receipt, storeDeadlineMs);
      return await replies.findNewest(receipt.commandId, storeDeadlineMs);
    } catch (error) {
      throw toUnavailable(error);
    }
  };

  return {
    async send(command, { waitMs, isNew = false, receipt }) {
      const payload = encode(command);
      const largest = link.limits.maxMessageBytes - headerBytes;
      if (payload.length > largest)
        throw reject(
          'validation_failed',
          `The command has ${payload.length} bytes; ${largest} is the most that can be sent`,
        );
      listen();
      // Waiting begins before storing, so no answer can slip through in between.
      const waiter = waiters.join(command.id);
      try {
        const known = await store(command.id, subjects.command(command.name), payload, isNew);
        const look = () => (waitMs > 0 ? lookOnce(command.id) : null);
        const reply =
          known ??
          (await within(waitMs, waiter.reply)) ??
          (await (receipt === undefined ? look() : lookWithReceipt(receipt)));
        return reply === null ? { kind: 'stored' } : { kind: 'reply', reply };
      } finally {
        waiter.leave();
      }
    },
  };
};

const within = async <T>(milliseconds: number, promise: Promise<T>): Promise<T | null> => {
  const { promise: over, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), milliseconds);
  try {
    return await Promise.race([promise, over]);
  } finally {
    clearTimeout(timer);
  }
};

const isRetryable = (error: unknown): boolean => {
  const code = refusalCode(error);
  return code !== jetStream.storeFailed && code !== jetStream.messageTooLarge;
};

const toUnavailable = (error: unknown): Error => {
  if (errorName(error) === 'MessagingUnavailable') return error as Error;
  const reason =
    refusalCode(error) === jetStream.storeFailed
      ? `The command queue is full (${errorMessage(error)})`
      : `The command could not be stored: ${errorMessage(error)}`;
  return new MessagingUnavailable(reason, { cause: error });
};
