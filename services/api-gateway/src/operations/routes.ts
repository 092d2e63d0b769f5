import { CancelOperation, Id, type LogPage } from '@alfa-cloud/contracts';
import { Type } from 'typebox';
import { metaOf } from '../http/document.ts';
import { defaultPageSize, pageLinks, pageParameters } from '../http/pagination.ts';
import { refuse } from '../http/problems.ts';
import { type Answer, type ApiRequest, type Route, route } from '../http/route.ts';
import { type RouteServices, seeing } from '../services.ts';
import { commandHeaders, finishedInTime, preferenceApplied } from './finish.ts';
import { cursorPattern, readLastEventId, streamLog } from './log-stream.ts';
import { watchOperation } from './operation-watch.ts';
import { presentOperation, presentOperationLog } from './present-operation.ts';

const none = Type.Object({}, { additionalProperties: false });

/** Paths of `operations`. */
export const operationRoutes = (services: RouteServices): Route[] => [
  listOperations(services),
  getOperation(services),
  getOperationLog(services),
  cancelOperation(services),
];

const listOperations = (services: RouteServices): Route =>
  route({
    method: 'GET',
    path: '/operations',
    summary: 'Operations in pages, newest first',
    answers: { 200: 'operations[]' },
    parameters: Type.Object(
      {
        ...pageParameters,
        'filter[status]': Type.Optional(
          Type.Enum(['accepted', 'running', 'cancelling', 'ok', 'error', 'cancelled']),
        ),
        'filter[kind]': Type.Optional(Type.String({ pattern: '^[a-z_]+\\.[a-z_]+$', maxLength: 50 })),
        'filter[target]': Type.Optional(Id),
      },
      { additionalProperties: false },
    ),
    async handle(request) {
      const { parameters } = request;
      const status = parameters['filter[status]'];
      const kind = parameters['filter[kind]'];
      const targetId = parameters['filter[target]'];
      const page = {
        number: parameters['page[number]'] ?? 1,
        size: parameters['page[size]'] ?? defaultPageSize,
      };
      const filter = {
        ...(status === undefined ? {} : { status }),
        ...(kind === undefined ? {} : { kind }),
        ...(targetId === undefined ? {} : { targetId }),
      };
      const { result, stale } = await services.queries.ask(
        'ListOperations',
        { page, filter },
        seeing(request),
      );
      return {
        status: 200,
        document: {
          data: result.items.map(presentOperation),
          links: pageLinks('/operations', request.search, { ...page, total: result.total }),
          ...metaOf(stale, { total: result.total }),
        },
      };
    },
  });

const getOperation = (services: RouteServices): Route =>
  route({
    method: 'GET',
    path: '/operations/{id}',
    summary: 'One operation with its steps; Prefer: wait=<s> waits for its end',
    answers: { 200: 'operations' },
    parameters: none,
    async handle(request) {
      const sent = { operationId: request.id, position: request.minPosition ?? null };
      const { result, stale } = await services.queries.ask(
        'GetOperation',
        { id: request.id },
        seeing(request),
      );
      const finished = await finishedInTime(sent, request, services);
      return {
        status: 200,
        document: { data: presentOperation(finished ?? result), ...metaOf(stale && finished === null) },
        ...(finished === null ? {} : { headers: preferenceApplied(request) }),
      };
    },
  });

const getOperationLog = (services: RouteServices): Route => {
  let open = 0;
  const read = async (request: ApiRequest<unknown>, after: string | null, signal?: AbortSignal) =>
    services.queries.ask(
      'GetOperationLog',
      { id: request.id, after },
      { ...seeing(request), ...(signal === undefined ? {} : { signal }) },
    );

  const stream = async (request: ApiRequest<unknown>, after: string | null): Promise<Answer> => {
    const last = request.lastEventId === undefined ? null : readLastEventId(request.lastEventId);
    if (request.lastEventId !== undefined && last === null) {
      throw refuse('invalid_header', 'must be the id of an event of this stream', {
        header: 'Last-Event-ID',
      });
    }
    // The end was seen: 204 is how an EventSource is told not to come back.
    if (last?.ended === true) return { status: 204 };
    if (open >= services.streamsMax) throw refuse('busy', 'Too many log streams are open');
    open += 1;
    const nudges = watchOperation(services.feed, request.id);
    let first: LogPage;
    try {
      first = (await read(request, last?.cursor ?? after)).result;
    } catch (error) {
      open -= 1;
      nudges.stop();
      throw error;
    }
    return {
      async stream(response) {
        try {
          const { signal } = request;
          const readPage = async (cursor: string | null) => (await read(request, cursor, signal)).result;
          await streamLog({ nudges, first, read: readPage, response, signal });
        } finally {
          open -= 1;
        }
      },
    };
  };

  return route({
    method: 'GET',
    path: '/operations/{id}/log',
    summary:
      'Log of an operation; as text/event-stream it goes on until the end and resumes by Last-Event-ID',
    answers: { 200: 'operation-logs', 204: '' },
    offersEvents: true,
    parameters: Type.Object(
      { 'page[after]': Type.Optional(Type.String({ pattern: cursorPattern })) },
      { additionalProperties: false },
    ),
    async handle(request): Promise<Answer> {
      const after = request.parameters['page[after]'] ?? null;
      if (request.wantsEvents && request.method === 'GET') return stream(request, after);
      const { result, stale } = await read(request, after);
      return {
        status: 200,
        document: {
          data: presentOperationLog(request.id, result),
          ...metaOf(stale, { cursor: result.cursor, more: result.more }),
        },
      };
    },
  });
};

const cancelOperation = (services: RouteServices): Route =>
  route({
    method: 'POST',
    path: '/operations/{id}/cancel',
    summary: 'Asks a running operation to stop and to take back what it did',
    answers: { 202: 'operations', 200: 'operations' },
    parameters: none,
    body: {
      type: 'cancellations',
      attributes: Type.Object({ reason: CancelOperation.properties.reason }, { additionalProperties: false }),
      relationships: {},
      required: false,
    },
    async handle(request) {
      const { reason } = request.attributes;
      const commandId = services.commands.idOf(request);
      const command = { operationId: request.id, ...(reason === undefined ? {} : { reason }) };
      const { position } = await services.commands.send('CancelOperation', commandId, command, request);
      const sent = { operationId: request.id, position };
      const finished = await finishedInTime(sent, request, services);
      if (finished !== null) {
        return {
          status: 200,
          document: { data: presentOperation(finished) },
          headers: { ...commandHeaders(sent), ...preferenceApplied(request) },
        };
      }
      const { result, stale } = await services.queries.ask(
        'GetOperation',
        { id: request.id },
        position === null ? seeing(request) : { minPosition: position },
      );
      return {
        status: 202,
        document: { data: presentOperation(result), ...metaOf(stale) },
        headers: commandHeaders(sent),
      };
    },
  });
