import {
  deriveId,
  isRejection,
  prepareServer,
  ServerAttributes,
  type ServerMonitoring,
  type ServerView,
  subjects,
  withoutCredentials,
  withReasonInWords,
  type MetaOf,
} from '@alfa-cloud/contracts';
import { Type } from 'typebox';
import { metaOf, withFields } from '../http/document.ts';
import { createStreamSlots } from '../http/event-stream.ts';
import { fieldNames } from '../http/query-parameters.ts';
import { type Answer, type ApiRequest, type Route, route } from '../http/route.ts';
import { commandHeaders, finishedInTime, preferenceApplied } from '../operations/finish.ts';
import { isPassing } from '../operations/operation-watch.ts';
import { orUndecided } from '../operations/undecided.ts';
import { type RouteServices, seeing } from '../services.ts';
import { answerTimeOf, presentCheck } from './connection-check.ts';
import { sshKeyRoutes } from './key-routes.ts';
import { serverChangeRoutes } from './change-routes.ts';
import { cleanupRoutes } from './cleanup-routes.ts';
import { imageRoutes } from './image-routes.ts';
import {
  presentImage,
  presentNewServer,
  presentServer,
  serverFields,
  undecidedServer,
} from './present-server.ts';
import { monitoringRoutes } from './monitoring-routes.ts';
import { presentMonitoring } from './present-monitoring.ts';
import { answerWithStream } from './view-stream.ts';
import { toRegisterServerCommand } from './register-server-command.ts';

const fields = { 'fields[servers]': fieldNames(serverFields) };
const none = Type.Object({}, { additionalProperties: false });

/** Paths of `servers`. */
export const serverRoutes = (services: RouteServices): Route[] => [
  createServer(services),
  listServers(services),
  getServer(services),
  ...serverChangeRoutes(services),
  ...sshKeyRoutes(services),
  listImages(services),
  ...imageRoutes(services),
  ...cleanupRoutes(services),
  ...monitoringRoutes(services),
];

const createServer = (services: RouteServices): Route =>
  route({
    method: 'POST',
    path: '/servers/create',
    summary: 'Registers a cloud server and begins to prepare it',
    answers: { 201: 'servers', 202: 'servers' },
    meta: { operationId: 'always', connection: 'sometimes' },
    parameters: none,
    body: { type: 'servers', attributes: ServerAttributes, relationships: {} },
    async handle(request): Promise<Answer> {
      const commandId = services.commands.idOf(request);
      const serverId = deriveId(commandId, 'server');
      const command = await toRegisterServerCommand(serverId, request.attributes, services.vault);
      const sent = await services.commands.send('RegisterServer', commandId, command, request, {
        kind: prepareServer.kind,
        target: { type: 'server', id: serverId },
        ...answerTimeOf(command.connection),
        made: { type: 'server', server: { ...command, connection: withoutCredentials(command.connection) } },
      });
      const meta = { operationId: sent.operationId };
      const created = presentNewServer(command, sent.operationId, services.clock(), request.language);
      // Not known to be accepted yet: it can still be refused, and then its operation says so.
      if (sent.position === null) {
        return { status: 202, document: { data: created, meta }, headers: commandHeaders(sent) };
      }
      const headers = {
        Location: `/servers/${serverId}`,
        ...commandHeaders(sent),
        'Content-Location': `/servers/${serverId}`,
      };
      const hasEnded = (await finishedInTime(sent, request, services)) !== null;
      // What the check of the connection has found is recorded by then.
      const known =
        hasEnded || command.connection.kind === 'ssh'
          ? await lookAt(services, serverId, sent.position)
          : null;
      if (known === null) return { status: 201, document: { data: created, meta }, headers };
      const { result, stale } = known;
      return {
        status: 201,
        document: {
          data: presentServer(result, request.language),
          ...metaOf(stale, { ...meta, ...presentCheck(result.check) }),
        },
        headers: { ...headers, ...(hasEnded ? preferenceApplied(request) : {}) },
      };
    },
  });

/** Null when the read models do not show it in time: it is registered all the same. */
const lookAt = async ({ queries }: RouteServices, id: string, minPosition: string) => {
  try {
    return await queries.ask('GetServer', { id }, { minPosition });
  } catch (error) {
    if (isPassing(error) || isRejection(error)) return null;
    throw error;
  }
};

const listServers = (services: RouteServices): Route =>
  route({
    method: 'GET',
    path: '/servers',
    summary: 'Active servers, or all',
    answers: { 200: 'servers[]' },
    parameters: Type.Object(
      { ...fields, 'filter[active]': Type.Optional(Type.Enum(['true', 'all'])) },
      { additionalProperties: false },
    ),
    async handle(request) {
      const active = request.parameters['filter[active]'] === 'all' ? 'all' : 'active';
      const { result, stale } = await services.queries.ask('ListServers', { active }, seeing(request));
      const shown = request.parameters['fields[servers]'];
      return {
        status: 200,
        document: {
          data: result.items.map((server) => withFields(presentServer(server, request.language), shown)),
          links: { self: active === 'all' ? '/servers?filter%5Bactive%5D=all' : '/servers' },
          ...metaOf(stale, { total: result.items.length }),
        },
      };
    },
  });

const getServer = (services: RouteServices): Route => {
  const slots = createStreamSlots(services.streamsMax);
  const read = (request: ApiRequest<unknown>, signal?: AbortSignal) =>
    orUndecided(
      services,
      request.id,
      () =>
        services.queries.ask(
          'GetServer',
          { id: request.id },
          { ...seeing(request), ...(signal === undefined ? {} : { signal }) },
        ),
      undecidedServer,
    );

  const stream = (request: ApiRequest<unknown>): Promise<Answer> =>
    answerWithStream<ServerView>(services, request, {
      name: 'server',
      subject: subjects.serverChanged(request.id),
      slots,
      read: async (signal) => (await read(request, signal)).result,
      present: (server) => presentServer(server, request.language),
      // The time of the last comparison always changes; alone it is no change.
      changing: (server) => JSON.stringify({ ...server, healthCheckedAt: null }),
    });

  return route({
    method: 'GET',
    path: '/servers/{id}',
    summary: 'One server with its load measured now; as text/event-stream it comes anew whenever it changes',
    answers: { 200: 'servers', 204: '' },
    meta: { monitoring: 'always', link: 'always' },
    offersEvents: true,
    parameters: Type.Object(fields, { additionalProperties: false }),
    async handle(request): Promise<Answer> {
      const { id } = request;
      if (request.wantsEvents && request.method === 'GET') return stream(request);
      const measuring = measure(services, id);
      const asking = askLink(services, request);
      const { result, stale } = await read(request);
      const monitoring = presentMonitoring(await measuring);
      return {
        status: 200,
        document: {
          data: withFields(presentServer(result, request.language), request.parameters['fields[servers]']),
          ...metaOf(stale, { monitoring, link: await asking }),
        },
      };
    },
  });
};

/** Null when the server can't be measured now: that is a fact about the server to show, not a failure of the request. */
const measure = async (services: RouteServices, id: string): Promise<ServerMonitoring | null> => {
  try {
    const answer = await services.queries.ask(
      'GetServerMonitoring',
      { id },
      { timeoutMs: services.monitoringWaitMs },
    );
    return answer.result;
  } catch (error) {
    services.logger.debug({ err: error, serverId: id }, 'server could not be measured');
    return null;
  }
};

/** Null when there is none, or nobody tells. */
const askLink = async (
  { queries, logger, monitoringWaitMs }: RouteServices,
  { id, language }: ApiRequest<unknown>,
): Promise<MetaOf<'link'>> => {
  try {
    const { result } = await queries.ask('GetServerLink', { id }, { timeoutMs: monitoringWaitMs });
    if (result === null) return null;
    const { status, failure, retryInMs } = result;
    return { status, failure: failure && withReasonInWords(language, failure), retryInMs };
  } catch (error) {
    logger.debug({ err: error, serverId: id }, 'nobody tells of the connection to a server');
    return null;
  }
};

const listImages = (services: RouteServices): Route =>
  route({
    method: 'GET',
    path: '/servers/{id}/images',
    summary: 'Images of the client application that are present on the server',
    answers: { 200: 'images[]' },
    parameters: none,
    async handle(request) {
      const { result } = await services.queries.ask('GetServerImages', { id: request.id }, seeing(request));
      return {
        status: 200,
        document: {
          data: result.items.map(presentImage),
          links: { self: `/servers/${request.id}/images` },
          meta: { total: result.items.length },
        },
      };
    },
  });
