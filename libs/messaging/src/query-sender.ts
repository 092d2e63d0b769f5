import { Rejection, reject, subjects, type Fault, type Queries, type QueryName } from '@alfa-cloud/contracts';
import { errorCode, errorName, sleep, withDeadline } from '@alfa-cloud/service-kit';
import { cutAnswer, encode, textOf } from './codec.ts';
import type { Link } from './link.ts';
import { hasNoResponders, isTooLargeForServer } from './nats-errors.ts';
import { MessagingUnavailable, type AskOptions, type QuerySender } from './ports.ts';

/** After NATS came back the answering side may need this long to be back as well. */
const returnMs = 5000;
const pauseMs = 100;

export const createQuerySender = (link: Link): QuerySender => {
  /** A broken connection and a missing answerer right after a reconnect are waited out; a query can be asked twice without harm. */
  const exchange = async (subject: string, payload: Buffer, end: number, signal: AbortSignal | undefined) => {
    for (;;) {
      signal?.throwIfAborted();
      const leftMs = Math.max(1, end - performance.now());
      await link.ready(leftMs, signal);
      try {
        return await link.attempt((nats) => nats.request(subject, payload, { timeout: leftMs }));
      } catch (error) {
        const settling = hasNoResponders(error) && performance.now() - link.returnedAt() < returnMs;
        const mayRepeat = settling || errorName(error) === 'MessagingUnavailable';
        if (!mayRepeat || performance.now() + pauseMs >= end) throw error;
        await sleep(pauseMs, signal);
      }
    }
  };

  const ask = async (name: QueryName, request: unknown, options: AskOptions = {}): Promise<string> => {
    const { minPosition = null, timeoutMs = 5000, signal } = options;
    const end = performance.now() + timeoutMs;
    const call = exchange(subjects.query(name), encode({ request, minPosition }), end, signal);
    try {
      const message =
        signal === undefined
          ? await call
          : await withDeadline(timeoutMs + 1000, `query ${name}`, () => call, signal);
      return textOf(message.data);
    } catch (error) {
      if (signal?.aborted === true) throw error;
      throw toAnswerable(name, error, timeoutMs);
    }
  };

  return {
    async ask<Name extends QueryName>(name: Name, request: Queries[Name]['request'], options?: AskOptions) {
      const answer = JSON.parse(await ask(name, request, options)) as Answer<Queries[Name]['result']>;
      if ('faults' in answer) throw new Rejection(answer.faults);
      return answer;
    },
    async askRaw(name, request, options) {
      const text = await ask(name, request, options);
      const answer = cutAnswer(text);
      if (answer !== null) return answer;
      throw new Rejection((JSON.parse(text) as { faults: Fault[] }).faults);
    },
  };
};

type Answer<Result> = { result: Result; stale: boolean } | { faults: Fault[] };

const toAnswerable = (name: string, error: unknown, timeoutMs: number): Error => {
  if (errorName(error) === 'MessagingUnavailable') return error as Error;
  if (isTooLargeForServer(error))
    return reject('validation_failed', `The question ${name} is too large to be sent`);
  const reason = hasNoResponders(error)
    ? `Nobody answers ${name}`
    : errorCode(error) === 'TIMEOUT'
      ? `${name} was not answered within ${timeoutMs} ms`
      : `${name} could not be asked`;
  return new MessagingUnavailable(reason, { cause: error });
};
