import {
  message,
  CancelOperation,
  Id,
  isRejection,
  type LogPage,
  OperationKind,
  type OperationView,
} from '@alfa-cloud/contracts';
import type { AskOptions } from '@alfa-cloud/messaging';
import { Type } from 'typebox';
import { metaOf } from '../http/document.ts';
import { createStreamSlots, readLastEventId } from '../http/event-stream.ts';
import { pageLinks, pageOf, pageParameters } from '../http/pagination.ts';
import { refuse } from '../http/problems.ts';
import { type Answer, type ApiRequest, type Route, route } from '../http/route.ts';
import { type RouteServices, seeing } from '../services.ts';
import { answerWithOperation } from './answer-operation.ts';
import { commandHeaders, finishedInTime, preferenceApplied } from './finish.ts';
import { holdRoutes } from './hold-routes.ts';
import { Cursor, cursorPattern, streamLog } from './log-stream.ts';
import { isPassing, watchOperation } from './operation-watch.ts';
import { presentOperation, presentOperationLog } from './present-operation.ts';
import { hasNotBegun, isUndecided, orUndecided, undecidedLog, undecidedOperation } from './undecided.ts';

const none = Type.Object({}, { additionalProperties: false });

/** Paths of `operations`. */
export const operationRoutes = (services: RouteServices): Route[] => [
  listOperations(services),
  getOperation(services),
  getOperationLog(services),
  cancelOperation(services),
  retryOperation(services),
  ...holdRoutes(services),
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
        'filter[kind]': Type.Optional(OperationKind),
        'filter[target]': Type.Optional(Id),
        'filter[parent]': Type.Optional(Id),
      },
      { additionalProperties: false },
    ),
    async handle(request) {
      const { parameters } = request;
      const status = parameters['filter[status]'];
      const kind = parameters['filter[kind]'];
      const targetId = parameters['filter[target]'];
      const parentId = parameters['filter[parent]'];
      const page = pageOf(parameters);
      const filter = {
        ...(status === undefined ? {} : { status }),
        ...(kind === undefined ? {} : { kind }),
        ...(targetId === undefined ? {} : { targetId }),
        ...(parentId === undefined ? {} : { parentId }),
      };
      const { result, stale } = await services.queries.ask(
        'ListOperations',
        { page, filter },
        seeing(request),
      );
      return {
        status: 200,
        document: {
          data: result.items.map((operation) => presentOperation(operation, request.language)),
          links: pageLinks('/operations', request.search, { ...page, total: result.total }),
          ...metaOf(stale, { total: result.total }),
        },
      };
    },
  });

const askOperation = (services: RouteServices, id: string, options: AskOptions) =>
  orUndecided(services, id, () => services.queries.ask('GetOperation', { id }, options), undecidedOperation);

const getOperation = (services: RouteServices): Route =>
  route({
    method: 'GET',
    path: '/operations/{id}',
    summary: 'One operation with its steps; Prefer: wait=<s> waits for its end',
    answers: { 200: 'operations' },
    parameters: none,
    async handle(request) {
      const sent = { operationId: request.id, position: request.minPosition ?? null };
      const { result, stale } = await askOperation(services, request.id, seeing(request));
      const finished = await finishedInTime(sent, request, services);
      return {
        status: 200,
        document: {
          data: presentOperation(finished ?? result, request.language),
          ...metaOf(stale && finished === null),
        },
        ...(finished === null ? {} : { headers: preferenceApplied(request) }),
      };
    },
  });

const getOperationLog = (services: RouteServices): Route => {
  const slots = createStreamSlots(services.streamsMax);
  const read = async (request: ApiRequest<unknown>, after: string | null, signal?: AbortSignal) =>
    orUndecided(
      services,
      request.id,
      () =>
        services.queries.ask(
          'GetOperationLog',
          { id: request.id, after },
          { ...seeing(request), ...(signal === undefined ? {} : { signal }) },
        ),
      ({ kind }) => (kind === null ? null : undecidedLog(after)),
    );

  const stream = async (request: ApiRequest<unknown>, after: string | null): Promise<Answer> => {
    const last =
      request.lastEventId === undefined ? null : readLastEventId(request.lastEventId, cursorPattern);
    if (request.lastEventId !== undefined && last === null) {
      throw refuse('invalid_header', message`"Last-Event-ID" must be the id of an event of this stream`, {
        header: 'Last-Event-ID',
      });
    }
    // The end was seen: 204 is how an EventSource is told not to come back.
    if (last?.ended === true) return { status: 204 };
    const free = slots.take();
    if (free === null) throw refuse('busy', message`Too many log streams are open`);
    const nudges = watchOperation(services.feed, request.id);
    let first: LogPage;
    try {
      first = (await read(request, last?.cursor ?? after)).result;
    } catch (error) {
      free();
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
          free();
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
    meta: { cursor: 'always', more: 'always' },
    offersEvents: true,
    parameters: Type.Object({ 'page[after]': Type.Optional(Cursor) }, { additionalProperties: false }),
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
      const { position } = await sendCancel(services, commandId, command, request);
      const sent = { operationId: request.id, position };
      const finished = await finishedInTime(sent, request, services);
      if (finished !== null) {
        return {
          status: 200,
          document: { data: presentOperation(finished, request.language) },
          headers: { ...commandHeaders(sent), ...preferenceApplied(request) },
        };
      }
      const options = position === null ? seeing(request) : { minPosition: position };
      const { result, stale } = await askOperation(services, request.id, options);
      return {
        status: 202,
        document: { data: presentOperation(result, request.language), ...metaOf(stale) },
        headers: commandHeaders(sent),
      };
    },
  });

/** The answer names the operation to be cancelled, so the cancelling itself has no address. */
const sendCancel = async (
  services: RouteServices,
  commandId: string,
  command: CancelOperation,
  request: ApiRequest<unknown>,
) => {
  const started = { kind: null, target: { type: 'none', id: null } } as const;
  await assertBegun(services, request);
  try {
    return await services.commands.send('CancelOperation', commandId, command, request, started);
  } catch (error) {
    if (!(await isUndecided(services, error, request.id))) throw error;
    throw notBegun();
  }
};

/** A cancel that waits behind the command of its operation would be decided on first, and be lost. */
const assertBegun = async (services: RouteServices, request: ApiRequest<unknown>): Promise<void> => {
  try {
    await services.queries.ask('GetOperation', { id: request.id }, seeing(request));
  } catch (error) {
    if (await hasNotBegun(services, error, request.id)) throw notBegun();
    // If the read models don't answer, the command is sent: its handler decides by the events.
    if (!isRejection(error) && !isPassing(error)) throw error;
  }
};

const notBegun = () =>
  refuse(
    'operation_not_begun',
    message`Its command has not been taken up yet, so there is nothing to cancel; try again later`,
  );

const askDecided = async (services: RouteServices, request: ApiRequest<unknown>): Promise<OperationView> => {
  const { id } = request;
  try {
    return (await services.queries.ask('GetOperation', { id }, seeing(request))).result;
  } catch (error) {
    if (!(await isUndecided(services, error, id))) throw error;
    throw refuse('operation_not_finished', message`Operation ${id} has not ended yet`);
  }
};

const retryOperation = (services: RouteServices): Route =>
  route({
    method: 'POST',
    path: '/operations/{id}/retry',
    summary:
      'Runs an operation that failed or was cancelled again; one over many clients only for those that did not end ok',
    answers: { 202: 'operations', 200: 'operations' },
    parameters: none,
    async handle(request) {
      const { commands } = services;
      const { kind, target, parameters } = await askDecided(services, request);
      const command = { operationId: request.id };
      const started = { kind, target, parameters, retryOf: request.id };
      const sent = await commands.send('RetryOperation', commands.idOf(request), command, request, started);
      return answerWithOperation(services, request, sent, started);
    },
  });
