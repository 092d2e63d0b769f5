import { message, reject, subjects, type CommandReply, type Receipt } from '@alfa-cloud/contracts';
import { errorMessage, errorName, retry } from '@alfa-cloud/service-kit';
import type { Msg } from '@nats-io/transport-node';
import { jetstream } from '@nats-io/jetstream';
import { decode, encode } from '../connection/json.ts';
import type { Link } from '../connection/link.ts';
import { MessagingUnavailable } from '../connection/messaging-unavailable.ts';
import { jetStream, refusalCode } from '../connection/nats-errors.ts';
import { recoveringStreams } from '../connection/stream-recovery.ts';
import type { CommandSender } from './command-ports.ts';
import { missedReplies } from './missed-replies.ts';
import { createPendingReplies } from './pending-replies.ts';
import type { Receipts } from './receipts.ts';
import type { Replies } from './replies.ts';

export interface CommandSenderOptions {
  /** Longest time to store a command, over all attempts. Default 5 s. */
  storeDeadlineMs?: number;
  /** Commands whose replies are awaited at the same time. Default 10 000. */
  maxWaiting?: number;
}

/** Reserved for the headers within the stream's size limit of a message. */
const headerBytes = 512;
const replyPrefix = subjects.reply('');

export const createCommandSender = (
  link: Link,
  { replies, receipts }: { replies: Replies; receipts: Receipts },
  options: CommandSenderOptions = {},
): CommandSender => {
  const { storeDeadlineMs = 5000, maxWaiting = 10_000 } = options;
  const pending = createPendingReplies(maxWaiting);
  let isListening = false;
  /** From the first command on, so that services which send none receive no replies. The server processes the subscription before the command. */
  const listen = (): void => {
    if (isListening) return;
    isListening = true;
    hearReplies(link, pending, lookOnce);
  };

  /**
   * Stores the command in the stream, or returns its reply when it was sent before.
   * The search for a reply comes first: after a restart NATS knows only the ids of messages that it still holds, and would store a finished
   * command again. The first attempt to send a new command skips it.
   */
  const store = async (
    id: string,
    subject: string,
    payload: Buffer,
    isNew: boolean,
  ): Promise<CommandReply | null> => {
    const end = performance.now() + storeDeadlineMs;
    const attempt = (number: number) =>
      recoveringStreams(link, async () => {
        await link.ready(Math.max(1, end - performance.now()));
        const known = isNew && number === 1 ? null : await replies.find(id);
        if (known !== null) return known;
        const stored = await link.attempt((nats) =>
          jetstream(nats, { timeout: 2000 }).publish(subject, payload, { msgID: id }),
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
   * Stores the receipt, then looks for a reply that came in the last moment. In this order: the handler stores its reply and then looks for the
   * receipt, so at least one of the two sees the other.
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
          message`The command has ${payload.length} bytes; ${largest} is the most that can be sent`,
        );
      listen();
      // Waiting begins before the command is stored, so that no reply is missed in between.
      const waiting = pending.join(command.id);
      try {
        const known = await store(command.id, subjects.command(command.name), payload, isNew);
        const look = () => (waitMs > 0 ? lookOnce(command.id) : null);
        const reply =
          known ??
          (await within(waitMs, waiting.reply)) ??
          (await (receipt === undefined ? look() : lookWithReceipt(receipt)));
        return reply === null ? { kind: 'stored' } : { kind: 'reply', reply };
      } finally {
        waiting.leave();
      }
    },
  };
};

/** Hands the replies to all commands to those who wait for them, also the ones that were stored while the connection was away. */
const hearReplies = (
  link: Link,
  pending: ReturnType<typeof createPendingReplies>,
  look: (commandId: string) => Promise<CommandReply | null>,
): void => {
  const onReply = (message: Msg): void => {
    const commandId = message.subject.slice(replyPrefix.length);
    if (pending.isAwaited(commandId)) pending.answer(commandId, decode(message.data) as CommandReply);
  };
  link.connection.subscribe(subjects.allReplies, {
    callback(error, message) {
      if (error === null) onReply(message);
      else link.logger.error({ err: error }, 'NATS: the subscription to replies failed');
    },
  });
  const lookForMissed = missedReplies(pending, look);
  link.onReady(() => void lookForMissed());
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
