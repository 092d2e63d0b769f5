import { type BackupView, RestoreAttributes } from '@alfa-cloud/contracts';
import { Type } from 'typebox';
import { metaOf, type Resource, toOne } from '../http/document.ts';
import { pageLinks, pageOf, pageParameters } from '../http/pagination.ts';
import { type Route, route } from '../http/route.ts';
import { answerWithOperation } from '../operations/answer-operation.ts';
import { type RouteServices, seeing } from '../services.ts';

const none = Type.Object({}, { additionalProperties: false });

/** Backups of a client, also of a deleted one, and the way back to them. */
export const backupRoutes = (services: RouteServices): Route[] => [
  listBackups(services),
  backUp(services),
  restore(services),
];

const listBackups = (services: RouteServices): Route =>
  route({
    method: 'GET',
    path: '/clients/{id}/backups',
    summary:
      'Verified backups of a client in pages, newest first; with filter[present]=all also removed ones',
    answers: { 200: 'backups[]' },
    parameters: Type.Object(
      { ...pageParameters, 'filter[present]': Type.Optional(Type.Enum(['true', 'all'])) },
      { additionalProperties: false },
    ),
    async handle(request) {
      const { parameters } = request;
      const page = pageOf(parameters);
      const include = parameters['filter[present]'] === 'all' ? 'all' : 'present';
      const { result, stale } = await services.queries.ask(
        'ListBackups',
        { clientId: request.id, include, page },
        seeing(request),
      );
      return {
        status: 200,
        document: {
          data: result.items.map(presentBackup),
          links: pageLinks(request.path, request.search, { ...page, total: result.total }),
          ...metaOf(stale, { total: result.total }),
        },
      };
    },
  });

const presentBackup = (backup: BackupView): Resource => ({
  type: 'backups',
  id: backup.id,
  attributes: {
    kind: backup.kind,
    image: backup.image,
    createdAt: backup.createdAt,
    keepUntil: backup.keepUntil,
    removedAt: backup.removedAt,
    database: backup.database,
    storage: backup.storage,
    warnings: backup.warnings,
  },
  relationships: {
    client: toOne('clients', backup.clientId),
    server: toOne('servers', backup.serverId),
    operation: toOne('operations', backup.operationId),
  },
});

const backUp = (services: RouteServices): Route =>
  route({
    method: 'POST',
    path: '/clients/{id}/backups',
    summary: "Backs up the client's database and storage; ok only when the backup was read back and is whole",
    answers: { 202: 'operations', 200: 'operations' },
    parameters: none,
    async handle(request) {
      const { commands } = services;
      const data = { clientId: request.id, kind: 'manual' } as const;
      const started = {
        kind: 'client.back_up',
        target: { type: 'client', id: request.id },
        parameters: { kind: 'manual' },
      } as const;
      const sent = await commands.send('BackUpClient', commands.idOf(request), data, request, started);
      return answerWithOperation(services, request, sent, started);
    },
  });

const restore = (services: RouteServices): Route =>
  route({
    method: 'POST',
    path: '/clients/{id}/restore',
    summary: 'Puts a backup back; what the client has entered since is lost, so it needs confirm',
    answers: { 202: 'operations', 200: 'operations' },
    parameters: none,
    body: { type: 'restorations', attributes: RestoreAttributes, relationships: {} },
    async handle(request) {
      const { commands } = services;
      const { attributes, id } = request;
      const data = { clientId: id, ...attributes };
      const started = {
        kind: 'client.restore',
        target: { type: 'client', id },
        parameters: { ...attributes },
      } as const;
      const sent = await commands.send('RestoreClient', commands.idOf(request), data, request, started);
      return answerWithOperation(services, request, sent, started);
    },
  });
