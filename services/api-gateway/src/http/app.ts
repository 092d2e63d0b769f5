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
 * The order in which a request is dealt with: id and log, pages for everybody, source address, console, origin, the client for pages, open paths, credentials, paths, errors.
 * @param options.pages for everybody, whoever and wherever they are
 * @param options.console its files, without credentials, from any link, but for allowed addresses only; null: there is none
 */
export const createApp = (options: {
  trustProxy: false | number | readonly string[];
  pages: RequestHandler;
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
  app.use(options.pages);
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
