import {
  told,
  message,
  ClientAttributes,
  conforms,
  createClient,
  deriveId,
  Id,
  presentClient,
} from '@alfa-cloud/contracts';
import { Type } from 'typebox';
import { metaOf, withFields } from '../http/document.ts';
import { pageLinks } from '../http/pagination.ts';
import { type Problem, problemOfFault, refuse, RequestRefused } from '../http/problems.ts';
import { Moment, readMoment } from '../http/read-moment.ts';
import { type Answer, type ApiRequest, type Route, route } from '../http/route.ts';
import { commandHeaders, finishedInTime, preferenceApplied } from '../operations/finish.ts';
import { Cursor } from '../operations/log-stream.ts';
import { ownRoutes } from '../operations/own-routes.ts';
import { presentOperation } from '../operations/present-operation.ts';
import { orUndecided, undecidedCreateLog } from '../operations/undecided.ts';
import { placementOf } from './placement.ts';
import { presentServer } from '../servers/present-server.ts';
import { type RouteServices, seeing } from '../services.ts';
import { listBackups } from './backup-routes.ts';
import { clientChangeRoutes } from './change-routes.ts';
import { faultsOfDefaults, personalDataOf, toCreateClientCommand } from './create-client-command.ts';
import { copyRoutes } from './copy-routes.ts';
import { expireDateRoutes } from './expire-date-routes.ts';
import {
  clientFieldParameters,
  includeServerParameter,
  ListClientsParameters,
  toListClients,
} from './list-clients-parameters.ts';
import { containerLogRoutes } from './log-routes.ts';
import { moveRoutes } from './move-routes.ts';
import { passwordLengthProblems } from './owner-password-length.ts';
import { ownerPasswordRoutes } from './owner-password-routes.ts';
import { presentCreateLog, presentNewClient, undecidedClient } from './present-client.ts';
import { settingsRoutes } from './settings-routes.ts';
import { getUsersCount } from './users-count-routes.ts';

/** Paths of `clients`. */
export const clientRoutes = (services: RouteServices): Route[] => [
  ...creation(services),
  listClients(services),
  getClient(services),
  getCreateLog(services),
  ...ownerPasswordRoutes(services),
  ...copyRoutes(services),
  getUsersCount(services),
  ...expireDateRoutes(services),
  ...clientChangeRoutes(services),
  listBackups(services),
  ...settingsRoutes(services),
  ...containerLogRoutes(services),
  ...moveRoutes(services),
];

const creation = (services: RouteServices): Route[] =>
  ownRoutes(createClient, {
    answers: { 202: 'clients', 200: 'operations' },
    meta: { operationId: 'sometimes', placement: 'sometimes' },
    parameters: Type.Object({}, { additionalProperties: false }),
    body: {
      type: 'clients',
      attributes: ClientAttributes,
      relationships: { server: { type: 'servers', required: false } },
    },
    async handle(request): Promise<Answer> {
      const serverId = serverIdOf(request, services.ownerPasswordMaxBytes);
      const commandId = services.commands.idOf(request);
      const clientId = deriveId(commandId, 'client');
      const ids = { clientId, ...(serverId === undefined ? {} : { serverId }) };
      const command = await toCreateClientCommand(ids, request.attributes, services.vault);
      const { personal: _, ownerPassword: __, ...client } = command;
      const sent = await services.commands.send(createClient.command, commandId, command, request, {
        kind: createClient.kind,
        target: { type: 'client', id: clientId },
        made: { type: 'client', client },
      });
      const finished = await finishedInTime(sent, request, services);
      const placement = serverId === undefined ? await placementOf(services, clientId, sent, request) : {};
      if (finished !== null) {
        return {
          status: 200,
          document: { data: presentOperation(finished, request.language), ...metaOf(false, placement) },
          headers: { ...commandHeaders(sent), ...preferenceApplied(request) },
        };
      }
      const personal = personalDataOf(request.attributes);
      const made = {
        ...command,
        ...(sent.ids?.['serverId'] !== undefined && { serverId: sent.ids['serverId'] }),
      };
      return {
        status: 202,
        document: {
          data: presentNewClient(made, personal, sent.operationId, services.clock(), request.language),
          meta: { operationId: sent.operationId, ...placement },
        },
        headers: commandHeaders(sent),
      };
    },
  });

/** @throws RequestRefused with what the schema of the attributes could not see */
const serverIdOf = (
  { attributes, relationships }: ApiRequest<unknown, ClientAttributes>,
  ownerPasswordMaxBytes: number,
): string | undefined => {
  const serverId = relationships['server'];
  const problems: Problem[] = [
    ...faultsOfDefaults(attributes).map(problemOfFault),
    ...passwordLengthProblems(
      attributes.ownerPassword,
      ownerPasswordMaxBytes,
      '/data/attributes/ownerPassword',
    ),
  ];
  if (serverId !== undefined && !conforms(Id, serverId)) {
    const pointer = '/data/relationships/server/data/id';
    problems.push({
      code: 'server_unknown',
      ...told(message`There is no server with this id`),
      source: { pointer },
    });
  }
  if (problems.length > 0) throw new RequestRefused(problems);
  return serverId;
};

const listClients = (services: RouteServices): Route =>
  route({
    method: 'GET',
    path: '/clients',
    summary: 'Clients in pages, with their availability',
    answers: { 200: 'clients[]' },
    parameters: ListClientsParameters,
    async handle(request) {
      const { parameters } = request;
      const query = toListClients(parameters);
      const shown = parameters['fields[clients]'];
      const asked = shown === undefined ? { ...query, textIn: request.language } : query;
      const { result, stale, text } = await services.queries.ask('ListClients', asked, seeing(request));
      return {
        status: 200,
        document: {
          // A projector of the version before answers without a text.
          data:
            text ?? result.items.map((client) => withFields(presentClient(client, request.language), shown)),
          ...(query.includeServers
            ? {
                included: result.servers.map((server) =>
                  withFields(presentServer(server, request.language), parameters['fields[servers]']),
                ),
              }
            : {}),
          links: pageLinks('/clients', request.search, { ...query.page, total: result.total }),
          ...metaOf(stale, { total: result.total }),
        },
      };
    },
  });

const getClient = (services: RouteServices): Route =>
  route({
    method: 'GET',
    path: '/clients/{id}',
    summary: 'One client; with asOf as it was then',
    answers: { 200: 'clients' },
    meta: { asOf: 'sometimes' },
    parameters: Type.Object(
      { ...clientFieldParameters, ...includeServerParameter, asOf: Moment },
      { additionalProperties: false },
    ),
    async handle(request) {
      const { parameters } = request;
      const asOf = readMoment('asOf', parameters.asOf);
      if (asOf !== undefined && Date.parse(asOf) > services.clock().getTime()) {
        throw refuse('invalid_parameter', message`"asOf" has not come yet`, { parameter: 'asOf' });
      }
      const query = { id: request.id, ...(asOf === undefined ? {} : { asOf }) };
      const { result, stale } = await orUndecided(
        services,
        request.id,
        () => services.queries.ask('GetClient', query, seeing(request)),
        (receipt) => (asOf === undefined ? undecidedClient(receipt) : null),
      );
      const { server, ...client } = result;
      const included =
        server === null
          ? []
          : [withFields(presentServer(server, request.language), parameters['fields[servers]'])];
      return {
        status: 200,
        document: {
          data: withFields(presentClient(client, request.language), parameters['fields[clients]']),
          ...((parameters.include ?? []).length > 0 ? { included } : {}),
          ...metaOf(stale, asOf === undefined ? {} : { asOf }),
        },
      };
    },
  });

const getCreateLog = (services: RouteServices): Route =>
  route({
    method: 'GET',
    path: '/clients/{id}/create_log',
    summary: 'How far the creation of a client is; with page[after] only what is new',
    answers: { 200: 'create-logs' },
    meta: { cursor: 'always', more: 'always' },
    parameters: Type.Object({ 'page[after]': Type.Optional(Cursor) }, { additionalProperties: false }),
    async handle(request) {
      const after = request.parameters['page[after]'] ?? null;
      const { result, stale } = await orUndecided(
        services,
        request.id,
        () => services.queries.ask('GetCreateLog', { clientId: request.id, after }, seeing(request)),
        undecidedCreateLog(after),
      );
      return {
        status: 200,
        document: {
          data: presentCreateLog(result, request.language),
          ...metaOf(stale, { cursor: result.cursor, more: result.more }),
        },
      };
    },
  });
