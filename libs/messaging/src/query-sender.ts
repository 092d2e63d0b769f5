import { Rejection, reject, subjects, type Fault, type Queries, type QueryName } from '@alfa-cloud/contracts';
import { errorName, sleep, withDeadline } from '@alfa-cloud/service-kit';
import type { Asked } from './answer-waiters.ts';
import { cutAnswer, encode, textOf } from './codec.ts';
import type { Link } from './link.ts';
import { isTooLargeForServer } from './nats-errors.ts';
import { MessagingUnavailable, type AskOptions, type QuerySender } from './ports.ts';
import { createQuestions } from './questions.ts';

/** After NATS came back the answering side may need this long to be back as well. */
const returnMs = 5000;
const pauseMs = 100;

export const createQuerySender = (link: Link): QuerySender => {
  const questions = createQuestions(link);

  /** A broken connection and a missing answerer right after a reconnect are waited out; a query can be asked twice without harm. */
  const exchange = async (
    subject: string,
    payload: Buffer,
    end: number,
    signal: AbortSignal | undefined,
  ): Promise<Asked> => {
    for (;;) {
      signal?.throwIfAborted();
      const leftMs = Math.max(1, end - performance.now());
      await link.ready(leftMs, signal);
      const asked = await questions.ask(subject, payload, leftMs);
      const isSettling = asked === 'nobody' && performance.now() - link.returnedAt() < returnMs;
      const mayRepeat = isSettling || asked === 'broken';
      if (!mayRepeat || performance.now() + pauseMs >= end) return asked;
      await sleep(pauseMs, signal);
    }
  };

  const ask = async (name: QueryName, request: unknown, options: AskOptions = {}): Promise<string> => {
    const { minPosition = null, positionWaitMs, timeoutMs = 5000, signal } = options;
    const end = performance.now() + timeoutMs;
    try {
      const call = exchange(
        subjects.query(name),
        encode({ request, minPosition, positionWaitMs }),
        end,
        signal,
      );
      const asked =
        signal === undefined
          ? await call
          : await withDeadline(timeoutMs + 1000, `query ${name}`, () => call, signal);
      if (typeof asked !== 'string') return textOf(asked);
      throw new MessagingUnavailable(reasonOf(name, asked, timeoutMs));
    } catch (error) {
      if (signal?.aborted === true || errorName(error) === 'MessagingUnavailable') throw error;
      if (isTooLargeForServer(error))
        throw reject('validation_failed', `The question ${name} is too large to be sent`);
      throw new MessagingUnavailable(`${name} could not be asked`, { cause: error });
    }
  };

  return {
    async ask<Name extends QueryName>(name: Name, request: Queries[Name]['request'], options?: AskOptions) {
      const answer = JSON.parse(await ask(name, request, options)) as Answer<Queries[Name]['result']>;
      if (answer.position !== undefined) options?.onPosition?.(answer.position);
      if ('faults' in answer) throw new Rejection(answer.faults);
      return { result: answer.result, stale: answer.stale };
    },
    async askRaw(name, request, options) {
      const text = await ask(name, request, options);
      const answer = cutAnswer(text);
      if (answer !== null) {
        if (answer.position !== null) options?.onPosition?.(answer.position);
        return { resultJson: answer.resultJson, stale: answer.stale };
      }
      const { faults, position } = JSON.parse(text) as { faults: Fault[]; position?: string };
      if (position !== undefined) options?.onPosition?.(position);
      throw new Rejection(faults);
    },
  };
};

type Answer<Result> = ({ result: Result; stale: boolean } | { faults: Fault[] }) & { position?: string };

const reasonOf = (name: string, asked: Exclude<Asked, Uint8Array>, timeoutMs: number): string => {
  switch (asked) {
    case 'nobody':
      return `Nobody answers ${name}`;
    case 'late':
      return `${name} was not answered within ${timeoutMs} ms`;
    case 'broken':
      return `The connection to NATS broke while ${name} was asked`;
    default:
      return asked satisfies never;
  }
};
