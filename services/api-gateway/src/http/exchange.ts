import { type Language, newId } from '@alfa-cloud/contracts';
import type { Logger, Metrics } from '@alfa-cloud/service-kit';
import type { Request, RequestHandler, Response } from 'express';
import { languageOf } from './language.ts';

/** What the gateway knows of a request besides what the sender wrote. */
export interface Exchange {
  /** The sender's `X-Request-Id` or one of our own; the correlation id of all that it causes. */
  requestId: string;
  /** Login, once the credentials are verified. */
  actor: string | null;
  /** In which words for people are told. */
  language: Language;
  /** Path of the route that took it, for the metrics. */
  route: string;
}

declare module 'express-serve-static-core' {
  interface Request {
    exchange: Exchange;
  }
}

const requestIdPattern = /^[A-Za-z0-9._:-]{1,128}$/;

/** The answers are data for programs; these headers keep browsers from taking them for anything else, or keeping them. */
const fixedHeaders: readonly (readonly [string, string])[] = [
  ['Cache-Control', 'no-store'],
  ['X-Content-Type-Options', 'nosniff'],
  ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
  ['Referrer-Policy', 'no-referrer'],
  ['Vary', 'Accept, Accept-Language, Origin'],
];

/**
 * Begins every request: its id, the headers of its answer, and when it is over one line in the log.
 * The line says who asked for what and what came of it; headers, queries and bodies are never in it. Successful health probes
 * come every few seconds: they are logged at level debug.
 */
export const openExchange = (options: {
  logger: Logger;
  metrics: Metrics;
  /** Aborted when the gateway stops: answers then close their connections. */
  stopping: AbortSignal;
}): RequestHandler => {
  const durations = options.metrics.histogram(
    'alfa_http_request_duration_seconds',
    'Time from the first byte of a request to the end of its answer',
    ['method', 'route', 'status'],
  );
  return (request, response, next) => {
    const startedAt = performance.now();
    const given = request.headers['x-request-id'];
    const requestId = typeof given === 'string' && requestIdPattern.test(given) ? given : newId();
    request.exchange = { requestId, actor: null, route: 'none', language: languageOf(request) };
    for (const [name, value] of fixedHeaders) response.setHeader(name, value);
    response.setHeader('X-Request-Id', requestId);
    if (options.stopping.aborted) response.setHeader('Connection', 'close');
    const address = request.ip ?? null;
    response.once('close', () => {
      const seconds = (performance.now() - startedAt) / 1000;
      const { actor, route } = request.exchange;
      durations.observe({ method: methodLabel(request), route, status: response.statusCode }, seconds);
      const isProbe = route.startsWith('/health/') && response.statusCode === 200;
      options.logger[isProbe ? 'debug' : 'info'](
        lineOf({ request, response, actor, address, requestId, seconds }),
        'request',
      );
    });
    next();
  };
};

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
/** Methods are the sender's words: unknown ones share a label, so that their number stays bounded. */
const methodLabel = (request: Request): string =>
  knownMethods.has(request.method) ? request.method : 'other';

/** A path that holds a secret is told by that of its route. */
const loggedPath = ({ path, exchange: { route } }: Request): string =>
  route.includes('{token}') ? route : path.slice(0, 200);

const lineOf = (facts: {
  request: Request;
  response: Response;
  actor: string | null;
  address: string | null;
  requestId: string;
  seconds: number;
}): Record<string, unknown> => ({
  actor: facts.actor,
  method: facts.request.method,
  path: loggedPath(facts.request),
  status: facts.response.statusCode,
  durationMs: Math.round(facts.seconds * 1e5) / 100,
  requestId: facts.requestId,
  address: facts.address,
  ...(facts.response.writableFinished ? {} : { aborted: true }),
});
