import { message } from '@alfa-cloud/contracts';
import type { RequestHandler } from 'express';
import { refuse } from '../http/problems.ts';

/** Refuses requests from addresses that are not allowed, before anything else is checked. */
export const allowAddresses =
  (isAllowed: (address: string) => boolean): RequestHandler =>
  (request, _response, next) => {
    if (request.ip !== undefined && isAllowed(request.ip)) next();
    else throw refuse('address_not_allowed', message`Requests from this address are not taken`);
  };

const corsHeaders = {
  'Access-Control-Allow-Credentials': 'true',
  'Access-Control-Expose-Headers':
    'Alfa-Position, Allow, Content-Location, Location, Preference-Applied, Retry-After, X-Request-Id',
};

const preflightHeaders = {
  'Access-Control-Allow-Methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
  'Access-Control-Allow-Headers':
    'Accept, Alfa-Position, Authorization, Content-Type, Idempotency-Key, Last-Event-ID, Prefer, X-Request-Id',
  'Access-Control-Max-Age': '600',
};

/**
 * Lets pages of the configured origins in and answers their preflight requests; pages of any other origin are refused,
 * because a browser that remembers the credentials would send them along on their behalf.
 */
export const allowOrigins = (origins: readonly string[]): RequestHandler => {
  const allowed = new Set(origins);
  return (request, response, next) => {
    const { origin } = request.headers;
    if (origin === undefined || origin === `${request.protocol}://${request.headers.host ?? ''}`) {
      if (request.headers['sec-fetch-site'] === 'cross-site') throw refusedOrigin();
      next();
      return;
    }
    if (!allowed.has(origin)) throw refusedOrigin();
    response.setHeader('Access-Control-Allow-Origin', origin);
    for (const [name, value] of Object.entries(corsHeaders)) response.setHeader(name, value);
    if (request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined) {
      response.writeHead(204, preflightHeaders).end();
      return;
    }
    next();
  };
};

const refusedOrigin = () =>
  refuse('origin_not_allowed', message`Pages of this origin are not let in`, { header: 'Origin' });
