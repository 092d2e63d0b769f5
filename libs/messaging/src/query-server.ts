import { isRejection, newId, queryCatalogue, reject, subjects } from '@alfa-cloud/contracts';
import type { Fault, QueryName, ServiceName } from '@alfa-cloud/contracts';
import { errorName, Semaphore, withDeadline } from '@alfa-cloud/service-kit';
import type { Msg } from 'nats';
import { decode, encode, encodeAnswer } from './codec.ts';
import { endOfTurn } from './end-of-turn.ts';
import type { Link } from './link.ts';
import { isTooLargeForServer } from './nats-errors.ts';
import type { QueryContext, QueryHandlers, QueryServer, QueryServerOptions } from './ports.ts';

type AnyHandler = (
  request: unknown,
  context: QueryContext,
) => Promise<{ result: unknown; stale?: boolean } | { resultJson: string; stale?: boolean }>;

const drainMs = 5000;

/** Answers queries of one service. Replicas share the questions between them. */
export const serveQueries = (
  link: Link,
  service: ServiceName,
  handlers: QueryHandlers,
  options: QueryServerOptions = {},
): QueryServer => {
  const { concurrency = 64, maxQueued = 1000, maxQueuedMs = 5000, position = () => null } = options;
  const turns = new Semaphore(concurrency);
  const running = new Set<Promise<void>>();

  const answer = async (name: QueryName, handler: AnyHandler, message: Msg): Promise<void> => {
    const payload = await answerOf(link, name, handler, message, { turns, maxQueued, maxQueuedMs, position });
    await endOfTurn();
    try {
      message.respond(payload);
    } catch (error) {
      if (!isTooLargeForServer(error)) throw error;
      link.logger.error(
        { query: name, bytes: payload.length },
        'The answer to a query is too large to be sent',
      );
      message.respond(encodeFaults([{ code: 'internal', detail: 'The answer is too large to be sent' }]));
    }
  };

  const begin = (name: QueryName, handler: AnyHandler, message: Msg): void => {
    const work = answer(name, handler, message)
      .catch((error: unknown) =>
        link.logger.error({ err: error, query: name }, 'An answer could not be sent'),
      )
      .finally(() => running.delete(work));
    running.add(work);
  };

  const subscriptions = Object.entries(handlers).map(([key, handler]) => {
    const name = key as QueryName;
    if (queryCatalogue[name].service !== service)
      throw new TypeError(`${name} is not a query that ${service} answers`);
    return link.connection.subscribe(subjects.query(name), {
      queue: service,
      callback(error, message) {
        if (error === null) begin(name, handler as AnyHandler, message);
        else link.logger.error({ err: error, query: name }, 'NATS: the subscription to a query failed');
      },
    });
  });

  return {
    async stop() {
      const drain = async () => {
        await Promise.all(subscriptions.map((subscription) => subscription.drain()));
        await Promise.all(running);
      };
      if (link.connection.isClosed()) return;
      await withDeadline(drainMs, 'answering the last queries', drain).catch((error: unknown) =>
        link.logger.warn({ err: error }, 'Stopped with queries unanswered'),
      );
    },
  };
};

const answerOf = async (
  link: Link,
  name: QueryName,
  handler: AnyHandler,
  message: Msg,
  limits: { turns: Semaphore; maxQueued: number; maxQueuedMs: number; position: () => bigint | null },
): Promise<Buffer> => {
  const { turns, maxQueued, maxQueuedMs, position } = limits;
  try {
    if (turns.waiting >= maxQueued) throw reject('unavailable', 'Too many queries wait; try again');
    const { request, ...context } = readQuestion(message.data);
    const arrived = performance.now();
    const outcome = await turns.run(async () => {
      // Whoever asked has given up by now; answering would only make the others wait longer.
      if (performance.now() - arrived > maxQueuedMs)
        throw reject('unavailable', 'The query waited too long for its turn; try again');
      return await handler(request, context);
    });
    const json = 'resultJson' in outcome ? outcome.resultJson : JSON.stringify(outcome.result);
    return encodeAnswer(json, outcome.stale === true, position());
  } catch (error) {
    if (isRejection(error)) return encodeFaults(error.faults, position());
    const correlation = newId();
    link.logger.error({ err: error, query: name, correlation }, `The query failed: ${errorName(error)}`);
    return encodeFaults([
      {
        code: 'internal',
        detail: `The query failed; see the log entry ${correlation}`,
        meta: { correlation },
      },
    ]);
  }
};

const encodeFaults = (faults: readonly Fault[], position: bigint | null = null): Buffer =>
  encode({ faults, ...(position === null ? {} : { position: String(position) }) });

const readQuestion = (data: Uint8Array): QueryContext & { request: unknown } => {
  let question: unknown;
  try {
    question = decode(data);
  } catch {
    throw reject('validation_failed', 'The question is not JSON');
  }
  if (typeof question !== 'object' || question === null || !('request' in question))
    throw reject('validation_failed', 'The question has no request');
  const position = 'minPosition' in question ? question.minPosition : null;
  const wait = 'positionWaitMs' in question ? question.positionWaitMs : null;
  const positionWaitMs = typeof wait === 'number' && wait >= 0 ? wait : null;
  const { request } = question;
  if (position === null || position === undefined) return { request, minPosition: null, positionWaitMs };
  if (typeof position !== 'string' || !/^\d{1,20}$/.test(position))
    throw reject('validation_failed', 'The position is not a decimal number', { parameter: 'minPosition' });
  return { request, minPosition: BigInt(position), positionWaitMs };
};
