import { type BackupView, type ResourceOf, type backupResource, toOne } from '@alfa-cloud/contracts';
import { Type } from 'typebox';
import { metaOf } from '../http/document.ts';
import { pageLinks, pageOf, pageParameters } from '../http/pagination.ts';
import { type Route, route } from '../http/route.ts';
import { type RouteServices, seeing } from '../services.ts';

/** Backups of a client, also of a deleted one. */
export const listBackups = (services: RouteServices): Route =>
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

const presentBackup = (backup: BackupView): ResourceOf<typeof backupResource> => ({
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
