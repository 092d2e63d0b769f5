import {
  message,
  Rejection,
  reject,
  subjects,
  type Fault,
  type Queries,
  type QueryName,
} from '@alfa-cloud/contracts';
import { errorName, sleep, withDeadline } from '@alfa-cloud/service-kit';
import { decode, encode } from '../connection/json.ts';
import type { Link } from '../connection/link.ts';
import { MessagingUnavailable } from '../connection/messaging-unavailable.ts';
import { isTooLargeForServer } from '../connection/nats-errors.ts';
import { cutAnswer } from './answer-format.ts';
import type { RequestOutcome } from './pending-requests.ts';
import type { AskOptions, QuerySender } from './query-ports.ts';
import { createRequests } from './requests.ts';

/** After NATS has returned, the answering service may need so long to reconnect too. */
const returnMs = 5000;
const pauseMs = 100;

export const createQuerySender = (link: Link): QuerySender => {
  const requests = createRequests(link);

  /** Sends the request again after a break, and while nobody answers shortly after a reconnect: a query may be asked twice. */
  const exchange = async (
    subject: string,
    payload: Buffer,
    end: number,
    signal: AbortSignal | undefined,
  ): Promise<RequestOutcome> => {
    for (;;) {
      signal?.throwIfAborted();
      const leftMs = Math.max(1, end - performance.now());
      await link.ready(leftMs, signal);
      const outcome = await requests.send(subject, payload, leftMs);
      const isReturning = outcome === 'nobody' && performance.now() - link.returnedAt() < returnMs;
      const mayRepeat = isReturning || outcome === 'broken';
      if (!mayRepeat || performance.now() + pauseMs >= end) return outcome;
      await sleep(pauseMs, signal);
    }
  };

  const ask = async (name: QueryName, request: unknown, options: AskOptions = {}): Promise<Uint8Array> => {
    const { minPosition = null, positionWaitMs, timeoutMs = 5000, signal } = options;
    const end = performance.now() + timeoutMs;
    try {
      const call = exchange(
        subjects.query(name),
        encode({ request, minPosition, positionWaitMs }),
        end,
        signal,
      );
      const outcome =
        signal === undefined
          ? await call
          : await withDeadline(timeoutMs + 1000, `query ${name}`, () => call, signal);
      if (typeof outcome !== 'string') return outcome;
      throw new MessagingUnavailable(reasonOf(name, outcome, timeoutMs));
    } catch (error) {
      if (signal?.aborted === true || errorName(error) === 'MessagingUnavailable') throw error;
      if (isTooLargeForServer(error))
        throw reject('validation_failed', message`The question ${name} is too large to be sent`);
      throw new MessagingUnavailable(`${name} could not be asked`, { cause: error });
    }
  };

  return {
    async ask<Name extends QueryName>(name: Name, request: Queries[Name]['request'], options?: AskOptions) {
      const { json, text } = cutAnswer(await ask(name, request, options));
      const answer = decode(json) as Answer<Queries[Name]['result']>;
      if (answer.position !== undefined) options?.onPosition?.(answer.position);
      if ('faults' in answer) throw new Rejection(answer.faults);
      return { result: answer.result, stale: answer.stale, ...(text && { text }) };
    },
  };
};

type Answer<Result> = ({ result: Result; stale: boolean } | { faults: Fault[] }) & { position?: string };

const reasonOf = (name: string, outcome: Exclude<RequestOutcome, Uint8Array>, timeoutMs: number): string => {
  switch (outcome) {
    case 'nobody':
      return `Nobody answers ${name}`;
    case 'late':
      return `${name} was not answered within ${timeoutMs} ms`;
    case 'broken':
      return `The connection to NATS broke while ${name} was asked`;
    default:
      return outcome satisfies never;
  }
};
