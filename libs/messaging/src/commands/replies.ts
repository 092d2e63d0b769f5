import { REPLIES_STREAM, subjects, type CommandReply } from '@alfa-cloud/contracts';
import { errorMessage, retry } from '@alfa-cloud/service-kit';
import type { Link } from '../connection/link.ts';
import { readLast, readLastFromLeader, storeLast } from '../connection/last-message.ts';
import { MessagingUnavailable } from '../connection/messaging-unavailable.ts';

/** The stored replies to commands. The first reply to a command stands; a later one is not stored. */
export interface Replies {
  /** One attempt. */
  find(commandId: string): Promise<CommandReply | null>;
  /** Reads from the stream's leader, so that a reply stored before is found; retries until `deadlineMs`. */
  findNewest(commandId: string, deadlineMs: number): Promise<CommandReply | null>;
  /**
   * Stores and publishes the reply; retries until `deadlineMs`. Without effect when the command has a reply.
   * @throws MessagingUnavailable, or the signal's reason
   */
  store(commandId: string, reply: CommandReply, deadlineMs: number, signal?: AbortSignal): Promise<void>;
}

export const createReplies = (link: Link): Replies => ({
  find: async (commandId) =>
    (await readLast(link, REPLIES_STREAM, subjects.reply(commandId))) as CommandReply | null,

  findNewest: (commandId, deadlineMs) =>
    retry(
      async () => {
        await link.ready(deadlineMs);
        const subject = subjects.reply(commandId);
        return (await readLastFromLeader(link, REPLIES_STREAM, subject)) as CommandReply | null;
      },
      { deadlineMs, maxDelayMs: 1000 },
    ),

  async store(commandId, reply, deadlineMs, signal) {
    const attempt = async () => {
      await link.ready(deadlineMs, signal);
      await storeLast(link, subjects.reply(commandId), reply, { first: true });
    };
    try {
      await retry(attempt, { deadlineMs, maxDelayMs: 2000, ...(signal && { signal }) });
    } catch (error) {
      signal?.throwIfAborted();
      throw new MessagingUnavailable(`The reply could not be stored: ${errorMessage(error)}`, {
        cause: error,
      });
    }
  },
});
