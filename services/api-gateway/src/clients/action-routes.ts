import {
  type CommandName,
  conforms,
  Id,
  ImageReference,
  MaintenanceAttributes,
  migrateClient,
  type OperationKind,
  OwnerPasswordAttributes,
} from '@alfa-cloud/contracts';
import { Type } from 'typebox';
import { refuse, RequestRefused } from '../http/problems.ts';
import { type Answer, type ApiRequest, type Method, type Route, route } from '../http/route.ts';
import { answerWithOperation } from '../operations/answer-operation.ts';
import type { RouteServices } from '../services.ts';
import { passwordLengthProblems } from './owner-password-length.ts';

const none = Type.Object({}, { additionalProperties: false });

/** Commands that need to know no more than the client. */
export type CommandOfClient = Extract<
  CommandName,
  'RebootClient' | 'DisableMaintenance' | 'EnableDemo' | 'DisableDemo' | 'CountUsers' | 'RollBackImage'
>;

/** An action on one client that takes no document. */
interface ClientAction {
  path: string;
  command: CommandOfClient;
  kind: OperationKind;
  summary: string;
}

const actions: readonly ClientAction[] = [
  {
    path: '/clients/{id}/demo_enable',
    command: 'EnableDemo',
    kind: 'client.enable_demo',
    summary: 'Fills in the demo data; once it is there nothing is doubled',
  },
  {
    path: '/clients/{id}/demo_disable',
    command: 'DisableDemo',
    kind: 'client.disable_demo',
    summary: 'Takes the demo data out',
  },
  {
    path: '/clients/{id}/maintain_disable',
    command: 'DisableMaintenance',
    kind: 'client.disable_maintenance',
    summary: 'Takes the maintenance page off',
  },
  {
    path: '/clients/{id}/reboot',
    command: 'RebootClient',
    kind: 'client.reboot',
    summary: "Restarts the client's container; ends ok only when the client answers again",
  },
  {
    path: '/clients/{id}/rollback',
    command: 'RollBackImage',
    kind: 'client.rollback',
    summary: 'Runs the client from the image before the last switch again, without a gap',
  },
];

/** Paths of `clients` that answer with an operation. An action works by GET and by POST alike. */
export const clientActionRoutes = (services: RouteServices): Route[] => [
  ...actions.flatMap((action) => (['GET', 'POST'] as const).map((method) => act(services, method, action))),
  migrate(services, 'GET'),
  migrate(services, 'POST'),
  switchImage(services, 'GET'),
  switchImage(services, 'POST'),
  enableMaintenanceByGet(services),
  enableMaintenance(services),
  setOwnerPassword(services),
];

/** Sends the action's command and answers with its operation. */
export const act = (services: RouteServices, method: Method, action: ClientAction): Route =>
  route({
    method,
    path: action.path,
    summary: action.summary,
    acts: true,
    answers: { 202: 'operations', 200: 'operations' },
    parameters: none,
    async handle(request) {
      const { commands } = services;
      const data = { clientId: request.id };
      const started = { kind: action.kind, target: { type: 'client', id: request.id } } as const;
      const sent = await commands.send(action.command, commands.idOf(request), data, request, started);
      return answerWithOperation(services, request, sent, started);
    },
  });

const maintenance = {
  path: '/clients/{id}/maintain_enable',
  summary: "Shows the maintenance page in the client's place, by POST with a message of its own",
  acts: true,
  answers: { 202: 'operations', 200: 'operations' },
  parameters: none,
} as const;

const enableMaintenanceByGet = (services: RouteServices): Route =>
  route({ ...maintenance, method: 'GET', handle: (request) => beginMaintenance(services, request, {}) });

const enableMaintenance = (services: RouteServices): Route =>
  route({
    ...maintenance,
    method: 'POST',
    body: { type: 'maintenance', attributes: MaintenanceAttributes, relationships: {}, required: false },
    handle: (request) => beginMaintenance(services, request, request.attributes),
  });

const beginMaintenance = async (
  services: RouteServices,
  request: ApiRequest<unknown>,
  { message }: MaintenanceAttributes,
): Promise<Answer> => {
  const data = {
    clientId: request.id,
    ...(message === undefined ? {} : { message: toStoredLines(message) }),
  };
  const started = {
    kind: 'client.enable_maintenance',
    target: { type: 'client', id: request.id },
  } as const;
  const { commands } = services;
  const sent = await commands.send('EnableMaintenance', commands.idOf(request), data, request, started);
  return answerWithOperation(services, request, sent, started);
};

/** Line breaks of every system become one kind, so that the same text is the same message. */
const toStoredLines = (text: string): string => text.replaceAll(/\r\n?/g, '\n').trim();

const migrate = (services: RouteServices, method: Method): Route =>
  route({
    method,
    path: '/clients/{id}/migrate',
    summary: "Updates the client's database; a dump is made first and put back when the update fails",
    acts: true,
    answers: { 202: 'operations', 200: 'operations' },
    parameters: Type.Object(
      { withoutBackup: migrateClient.data.properties.withoutBackup },
      { additionalProperties: false },
    ),
    async handle(request) {
      const { commands } = services;
      const { parameters } = request;
      const data = { clientId: request.id, ...parameters };
      const started = {
        kind: 'client.migrate',
        target: { type: 'client', id: request.id },
        parameters,
      } as const;
      const sent = await commands.send('MigrateClient', commands.idOf(request), data, request, started);
      return answerWithOperation(services, request, sent, started);
    },
  });

const switchImage = (services: RouteServices, method: Method): Route =>
  route({
    method,
    path: '/clients/{id}/switch',
    summary: 'Runs the client from another image; the old container answers until the new one is healthy',
    acts: true,
    answers: { 202: 'operations', 200: 'operations' },
    parameters: Type.Object({ targetImage: ImageReference }, { additionalProperties: false }),
    async handle(request) {
      const { targetImage } = request.parameters;
      const { commands } = services;
      const data = { clientId: request.id, targetImage };
      const started = {
        kind: 'client.switch',
        target: { type: 'client', id: request.id },
        parameters: { targetImage },
      } as const;
      const sent = await commands.send('SwitchImage', commands.idOf(request), data, request, started);
      return answerWithOperation(services, request, sent, started);
    },
  });

const setOwnerPassword = (services: RouteServices): Route =>
  route({
    method: 'POST',
    path: '/clients/owner_password',
    summary: "Gives the laboratory's owner a new password",
    answers: { 202: 'operations', 200: 'operations' },
    parameters: none,
    body: {
      type: 'owner-passwords',
      attributes: OwnerPasswordAttributes,
      relationships: { client: { type: 'clients', required: true } },
    },
    async handle(request) {
      const clientId = request.relationships['client'] ?? '';
      if (!conforms(Id, clientId)) {
        const pointer = '/data/relationships/client/data/id';
        throw refuse('not_found', 'There is no client with this id', { pointer });
      }
      const tooLong = passwordLengthProblems(
        request.attributes.password,
        services.ownerPasswordMaxBytes,
        '/data/attributes/password',
      );
      if (tooLong.length > 0) throw new RequestRefused(tooLong);
      const password = await services.vault.seal('transport', request.attributes.password);
      const { commands } = services;
      const started = {
        kind: 'client.set_owner_password',
        target: { type: 'client', id: clientId },
      } as const;
      const data = { clientId, password };
      const sent = await commands.send('SetOwnerPassword', commands.idOf(request), data, request, started);
      return answerWithOperation(services, request, sent, started);
    },
  });
