import { jetstream, JetStreamApiError, type ApiError } from '@nats-io/jetstream';
import { decode, encode } from './json.ts';
import type { Link } from './link.ts';
import { MessagingUnavailable } from './messaging-unavailable.ts';
import { jetStream, refusalCode } from './nats-errors.ts';
import { recoveringStreams } from './stream-recovery.ts';

const callMs = 2000;

/** One attempt to read the newest message of a subject from a stream that allows direct reads; null when there is none. */
export const readLast = (link: Link, stream: string, subject: string): Promise<unknown> =>
  recoveringStreams(link, async () => {
    const message = await link.attempt((nats) =>
      nats.request(`$JS.API.DIRECT.GET.${stream}.${subject}`, '', { timeout: callMs }),
    );
    const code = message.headers?.code ?? 0;
    if (code === 404) return null;
    if (code >= 300)
      throw new MessagingUnavailable(`Reading ${subject}: ${code} ${message.headers?.description ?? ''}`);
    return decode(message.data);
  });

/** As {@link readLast}, but from the stream's leader: a replica may lag behind what was stored. */
export const readLastFromLeader = (link: Link, stream: string, subject: string): Promise<unknown> =>
  recoveringStreams(link, async () => {
    const answer = await link.attempt((nats) =>
      nats.request(`$JS.API.STREAM.MSG.GET.${stream}`, encode({ last_by_subj: subject }), {
        timeout: callMs,
      }),
    );
    const { message, error } = decode(answer.data) as {
      message?: { data?: string };
      error?: ApiError;
    };
    if (error?.err_code === jetStream.noMessageFound) return null;
    if (error !== undefined)
      throw new MessagingUnavailable(`Reading ${subject}: ${error.err_code} ${error.description}`, {
        cause: new JetStreamApiError(error),
      });
    return decode(Buffer.from(message?.data ?? '', 'base64'));
  });

/**
 * One attempt to store a message durably as the newest of its subject.
 * @param options.first store it only when the subject has no message yet
 */
export const storeLast = (
  link: Link,
  subject: string,
  value: unknown,
  options: { first: boolean },
): Promise<void> =>
  recoveringStreams(link, async () => {
    try {
      await link.attempt((nats) =>
        jetstream(nats, { timeout: callMs }).publish(
          subject,
          encode(value),
          options.first ? { expect: { lastSubjectSequence: 0 } } : {},
        ),
      );
    } catch (error) {
      if (!options.first || refusalCode(error) !== jetStream.wrongLastSequence) throw error;
    }
  });
