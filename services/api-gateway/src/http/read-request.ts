import { message, conforms, type Fault, faultsOf, Id } from '@alfa-cloud/contracts';
import express, { type Request, type Response } from 'express';
import { parseJson, readResource } from './json-body.ts';
import { checkContentType, negotiate } from './media-types.ts';
import { type NewestPosition, readPosition } from './position.ts';
import { waitSecondsOf } from './prefer.ts';
import { type Problem, problemOfFault, refuse, RequestRefused } from './problems.ts';
import { readParameters } from './query-parameters.ts';
import type { ApiRequest, BodyRule, Route } from './route.ts';

export interface RequestReader {
  /** @throws RequestRefused with everything that is wrong with the part of the request that could be read */
  read(route: Route, request: Request, response: Response): Promise<ApiRequest>;
}

/**
 * Makes of an HTTP request what a handler takes, checked from the outside in: form of the answer, path, query, headers, body.
 * @param options.bodyLimitBytes largest document taken
 * @param options.stopping aborted when the gateway stops
 */
export const createRequestReader = (options: {
  bodyLimitBytes: number;
  newest: NewestPosition;
  stopping: AbortSignal;
}): RequestReader => {
  const readBytes = express.raw({ type: () => true, limit: options.bodyLimitBytes, inflate: false });
  return {
    async read(route, request, response) {
      const wanted = negotiate(request.headers.accept, route.offersEvents === true);
      const question = request.url.indexOf('?');
      const search = question < 0 ? '' : request.url.slice(question + 1);
      const id = readId(route, request);
      const parameters = readParameters(route.parameters, search);
      const body =
        route.body === undefined
          ? { attributes: undefined, relationships: {} }
          : readBody(route.body, await bytesOf(request, response, readBytes), request, id);
      const { headers, exchange } = request;
      const lastEventId = headers['last-event-id'];
      return {
        method: request.method,
        path: request.path,
        search,
        id,
        parameters,
        ...body,
        language: exchange.language,
        actor: exchange.actor ?? '',
        address: request.ip ?? '',
        requestId: exchange.requestId,
        minPosition: options.newest.with(readPosition(headers['alfa-position'])),
        idempotencyKey: readIdempotencyKey(headers['idempotency-key']),
        waitMs: waitSecondsOf(headers['prefer']) * 1000,
        wantsEvents: wanted === 'event-stream',
        lastEventId: typeof lastEventId === 'string' ? lastEventId : undefined,
        get signal() {
          return signalOf(response, options.stopping);
        },
      };
    },
  };
};

/** Made only for handlers that wait: most never ask for it. */
const signalOf = (response: Response, stopping: AbortSignal): AbortSignal => {
  const gone = new AbortController();
  if (response.closed) gone.abort();
  else response.once('close', () => gone.abort());
  return AbortSignal.any([gone.signal, stopping]);
};

const readId = (route: Route, request: Request): string => {
  if (!route.path.includes('{id}')) return '';
  const id = request.params['id'];
  if (typeof id === 'string' && conforms(Id, id)) return id;
  throw refuse('not_found', message`There is nothing with this id`);
};

const readIdempotencyKey = (header: string | string[] | undefined): string | undefined => {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && /^[\x20-\x7e]{1,200}$/.test(header)) return header;
  throw refuse('invalid_header', message`"Idempotency-Key" must be 1 to 200 printable ASCII characters`, {
    header: 'Idempotency-Key',
  });
};

const bytesOf = (
  request: Request,
  response: Response,
  readBytes: ReturnType<typeof express.raw>,
): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const hasBody =
      Number(request.headers['content-length'] ?? 0) > 0 || 'transfer-encoding' in request.headers;
    if (hasBody) checkContentType(request.headers['content-type']);
    readBytes(request, response, (error?: unknown) => {
      if (error !== undefined) reject(error);
      else resolve(Buffer.isBuffer(request.body) ? request.body : new Uint8Array());
    });
  });

const readBody = (
  rule: BodyRule,
  bytes: Uint8Array,
  request: Request,
  pathId: string,
): Pick<ApiRequest, 'attributes' | 'relationships'> => {
  if (bytes.length === 0 && rule.required === false) return { attributes: {}, relationships: {} };
  if (bytes.length === 0)
    throw refuse('malformed_document', message`The document is missing`, { pointer: '' });
  checkContentType(request.headers['content-type']);
  const { attributes, relationships, problems } = readResource(parseJson(bytes), {
    type: rule.type,
    relationships: rule.relationships,
    ...(rule.mayCarryPathId === true ? { id: pathId } : {}),
  });
  const faults: Fault[] = problems.some(({ source }) => source?.pointer === '/data/attributes')
    ? []
    : faultsOf(rule.attributes, attributes, '/data/attributes');
  const all: Problem[] = [...problems, ...faults.map((fault) => problemOfAttribute(fault, rule))];
  if (problems.some(({ code }) => code === 'malformed_document')) throw new RequestRefused(problems);
  if (all.length > 0) throw new RequestRefused(all.slice(0, problemsMax));
  return { attributes, relationships };
};

const problemOfAttribute = (fault: Fault, { elsewhere = {} }: BodyRule): Problem => {
  const { code, pointer = '' } = fault;
  const name = pointer.replace('/data/attributes/', '');
  const told = code === 'unknown_attribute' && Object.hasOwn(elsewhere, name) ? elsewhere[name] : undefined;
  return told === undefined ? problemOfFault(fault) : { ...told, source: { pointer } };
};

/** Most problems told at once; a document of ten thousand unknown members gets no longer answer. */
const problemsMax = 100;
