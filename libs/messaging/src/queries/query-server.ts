import {
  message,
  queryCatalogue,
  subjects,
  told,
  type QueryName,
  type ServiceName,
} from '@alfa-cloud/contracts';
import { Semaphore, withDeadline } from '@alfa-cloud/service-kit';
import type { Msg } from '@nats-io/transport-node';
import type { Link } from '../connection/link.ts';
import { isTooLargeForServer } from '../connection/nats-errors.ts';
import { answerQuery, encodeFaults, type AnyQueryHandler } from './answer-query.ts';
import type { QueryHandlers, QueryServer, QueryServerOptions } from './query-ports.ts';
import { nextWriteBatch } from './write-batch.ts';

const drainMs = 5000;

const tooLarge = message`The answer is too large to be sent: ask for fewer resources on a page`;

/** Answers the queries of one service. Replicas of the service share them (NATS queue group). */
export const serveQueries = (
  link: Link,
  service: ServiceName,
  handlers: QueryHandlers,
  options: QueryServerOptions = {},
): QueryServer => {
  const { concurrency = 64, maxQueued = 1000, maxQueuedMs = 5000, position = () => null } = options;
  const limits = { running: new Semaphore(concurrency), maxQueued, maxQueuedMs };
  const running = new Set<Promise<void>>();

  const answer = async (name: QueryName, handler: AnyQueryHandler, request: Msg): Promise<void> => {
    const payload = await answerQuery({
      name,
      handler,
      data: request.data,
      limits,
      position,
      logger: link.logger,
    });
    await nextWriteBatch();
    try {
      request.respond(payload);
    } catch (error) {
      if (!isTooLargeForServer(error)) throw error;
      link.logger.error(
        { query: name, bytes: payload.length },
        'The answer to a query is too large to be sent',
      );
      request.respond(encodeFaults([{ code: 'internal', ...told(tooLarge) }]));
    }
  };

  const begin = (name: QueryName, handler: AnyQueryHandler, request: Msg): void => {
    const work = answer(name, handler, request)
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
        if (error === null) begin(name, handler as AnyQueryHandler, message);
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
