import { message } from '@alfa-cloud/contracts';
import type { Express, Request, RequestHandler, Response } from 'express';
import { refuse } from './problems.ts';
import { positionHeader, type NewestPosition } from './position.ts';
import type { RequestReader } from './read-request.ts';
import type { Answer, ApiRequest, Route } from './route.ts';
import { sendDocument } from './send.ts';

/** Makes express serve a table of routes; a known path with another method is answered 405 with `Allow`. */
export const mountRoutes = (app: Express, routes: readonly Route[], reading: Reading): void => {
  const byPath = Map.groupBy(routes, (route) => route.path);
  // `/clients/create` must be met before `/clients/{id}` takes it for an id.
  const paths = [...byPath.keys()].toSorted((a, b) => Number(a.includes('{')) - Number(b.includes('{')));
  for (const path of paths) {
    const members = byPath.get(path) ?? [];
    const mounted = app.route(path.replace('{id}', ':id'));
    const refusal = refuseMethod(members);
    for (const route of members) {
      // Express would let GET's handler answer HEAD.
      if (route.acts === true && route.method === 'GET') mounted.head(refusal);
      mounted[expressMethods[route.method]](handlerOf(route, reading));
    }
    mounted.all(refusal);
  }
};

const expressMethods = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' } as const;

type WholeAnswer = Exclude<Answer, { stream: unknown }>;

/** What requests are read by, and what answers to queries tell. */
interface Reading {
  reader: RequestReader;
  newest: NewestPosition;
}

const handlerOf =
  (route: Route, { reader, newest }: Reading): RequestHandler =>
  async (request, response) => {
    request.exchange.route = route.path;
    if (route.acts === true) refusePrefetch(request);
    const answer = await answerOf(route, await reader.read(route, request, response), () => {
      const position = newest.with(null);
      if (asks(route) && position !== undefined) response.setHeader(positionHeader, position);
    });
    const { language } = request.exchange;
    if ('stream' in answer) {
      response.setHeader('Content-Language', language);
      await answer.stream(response);
      return;
    }
    const headers = asks(route) || route.open === true ? answer.headers : positioned(answer, newest);
    if ('document' in answer) {
      const { status, document } = answer;
      sendDocument(response, status, { document, language }, headers);
    } else response.writeHead(answer.status, headers).end();
  };

/**
 * The position that an answer to a command tells, if its command was decided on (202 without one: it was not): the newest that was seen until
 * now, so that a query at the position of an answer which has waited for the end shows that end.
 */
const positioned = (
  { status, headers = {} }: WholeAnswer,
  newest: NewestPosition,
): Readonly<Record<string, string>> => {
  const isDecided = status !== 202 || headers[positionHeader] !== undefined;
  const position = isDecided ? newest.with(null) : undefined;
  return position === undefined ? headers : { ...headers, [positionHeader]: position };
};

/** An answer to a query, a fault as well, carries the newest position known: a query that sends it back sees nothing older. */
const answerOf = async (route: Route, request: ApiRequest, tell: () => void): Promise<Answer> => {
  try {
    return await route.handle(request);
  } finally {
    tell();
  }
};

const asks = ({ method, acts, open }: Route): boolean => method === 'GET' && acts !== true && open !== true;

/** A browser that only guesses where its user may go next must not restart a laboratory. */
const refusePrefetch = ({ headers }: Request): void => {
  const purpose = `${String(headers['sec-purpose'] ?? '')} ${String(headers['purpose'] ?? '')}`;
  if (/prefetch|prerender/i.test(purpose)) {
    throw refuse('prefetch_refused', message`This path acts; it is not fetched in advance`, {
      header: 'Sec-Purpose',
    });
  }
};

const refuseMethod = (members: readonly Route[]): ((request: Request, response: Response) => void) => {
  const allow = [
    ...members.flatMap(({ method, acts }) =>
      method === 'GET' && acts !== true ? ['GET', 'HEAD'] : [method],
    ),
    'OPTIONS',
  ].join(', ');
  return (request, response) => {
    if (request.method === 'OPTIONS') {
      response.writeHead(204, { Allow: allow }).end();
      return;
    }
    throw refuse(
      'method_not_allowed',
      message`${request.method.slice(0, 20)} is not for this path`,
      undefined,
      {
        Allow: allow,
      },
    );
  };
};
