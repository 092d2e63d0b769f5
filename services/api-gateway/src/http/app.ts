import { message } from '@alfa-cloud/contracts';
import type { Logger, Metrics } from '@alfa-cloud/service-kit';
import express, { type Express, type RequestHandler } from 'express';
import { answerErrors } from './answer-errors.ts';
import { openExchange } from './exchange.ts';
import { mountRoutes } from './mount-routes.ts';
import { refuse } from './problems.ts';
import type { NewestPosition } from './position.ts';
import type { RequestReader } from './read-request.ts';
import type { Route } from './route.ts';

/**
 * The order in which a request is dealt with: id and log, what has rules of its own, source address, console, origin, the client for pages, open paths, credentials, paths, errors.
 * @param options.before what lets in by rules of its own: pages for everybody, and the hook of the repository
 * @param options.console its files, without credentials, from any link, but for allowed addresses only; null: there is none
 */
export const createApp = (options: {
  trustProxy: false | number | readonly string[];
  before: readonly RequestHandler[];
  allowAddresses: RequestHandler;
  console: RequestHandler | null;
  allowOrigins: RequestHandler;
  client: RequestHandler;
  authenticate: RequestHandler;
  routes: readonly Route[];
  reader: RequestReader;
  newest: NewestPosition;
  logger: Logger;
  metrics: Metrics;
  stopping: AbortSignal;
}): Express => {
  const { routes, reader, newest, logger, metrics, stopping } = options;
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', false);
  app.set('case sensitive routing', true);
  app.set('trust proxy', options.trustProxy);

  app.use(openExchange({ logger, metrics, stopping }));
  for (const handler of options.before) app.use(handler);
  app.use(options.allowAddresses);
  if (options.console !== null) app.use(options.console);
  app.use(options.allowOrigins);
  app.use(options.client);
  mountRoutes(
    app,
    routes.filter(({ open }) => open === true),
    { reader, newest },
  );
  app.use(options.authenticate);
  mountRoutes(
    app,
    routes.filter(({ open }) => open !== true),
    { reader, newest },
  );
  app.use(() => {
    throw refuse('not_found', message`There is nothing under this path`);
  });
  app.use(answerErrors(logger));
  return app;
};
