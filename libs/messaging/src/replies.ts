import { REPLIES_STREAM, subjects, type CommandReply } from '@alfa-cloud/contracts';
import { retry } from '@alfa-cloud/service-kit';
import { decode, encode } from './codec.ts';
import type { Link } from './link.ts';
import { hasNoResponders, jetStream, refusalCode } from './nats-errors.ts';

/** The remembered answers to commands. The first answer to a command stands; a later one is not stored. */
export interface Replies {
  /** One attempt. */
  find(commandId: string): Promise<CommandReply | null>;
  /** Stores and publishes; tries again until `deadlineMs`. Harmless when there is an answer already. */
  store(commandId: string, reply: CommandReply, deadlineMs: number, signal?: AbortSignal): Promise<void>;
}

const callMs = 2000;

export const createReplies = (link: Link): Replies => ({
  find: (commandId) =>
    seeingToStreams(link, async () => {
      const subject = `$JS.API.DIRECT.GET.${REPLIES_STREAM}.${subjects.reply(commandId)}`;
      const message = await link.attempt((nats) => nats.request(subject, '', { timeout: callMs }));
      const code = message.headers?.code ?? 0;
      if (code === 404) return null;
      if (code >= 300) throw new Error(`Reading a reply: ${code} ${message.headers?.description ?? ''}`);
      return decode(message.data) as CommandReply;
    }),

  async store(commandId, reply, deadlineMs, signal) {
    const payload = encode(reply);
    const publish = () =>
      seeingToStreams(link, async () => {
        await link.ready(deadlineMs, signal);
        try {
          await link.attempt((nats) =>
            nats
              .jetstream({ timeout: callMs })
              .publish(subjects.reply(commandId), payload, { expect: { lastSubjectSequence: 0 } }),
          );
        } catch (error) {
          if (refusalCode(error) !== jetStream.wrongLastSequence) throw error;
        }
      });
    await retry(publish, { deadlineMs, maxDelayMs: 2000, ...(signal && { signal }) });
  },
});

/** Runs a call on the streams; when they turn out to be missing, has them made again before the next attempt. */
export const seeingToStreams = async <T>(link: Link, call: () => Promise<T>): Promise<T> => {
  try {
    return await call();
  } catch (error) {
    if (hasNoResponders(error) || refusalCode(error) === jetStream.streamNotFound) link.streamsLost();
    throw error;
  }
};
