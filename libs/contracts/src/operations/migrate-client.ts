import { withoutBackup } from '../attributes/clients.ts';
import { bulkOperation } from './bulk-operation.ts';
import { common } from './common-steps.ts';
import { clientOperation } from './descriptor.ts';
import { actionMethods } from './http-request.ts';

/** Brings the database to the shape that the client's image needs, behind the maintenance page. */
export const migrateClient = clientOperation({
  kind: 'client.migrate',
  command: 'MigrateClient',
  /** True: no backup is made first, so a migration that fails can't be taken back. Default false. */
  parameters: { withoutBackup },
  http: {
    path: '/clients/{id}/migrate',
    methods: actionMethods,
    summary: "Updates the client's database; a dump is made first and put back when the update fails",
    query: ['withoutBackup'],
  },
  title: { en: 'Migration of the database', ru: 'Миграция базы данных' },
  steps: common('page', 'backup', 'migrate', 'settings', 'healthy', 'open', 'reachable'),
  meanwhile: { page: 'its own' },
  afterFailure: 'unresolved',
  retry: 'same parameters',
});

export const migrateAllClients = bulkOperation(migrateClient, {
  command: 'MigrateAllClients',
  http: { path: '/clients/migrate_all', summary: "Updates every client's database" },
  title: { en: 'Migration of many databases', ru: 'Миграция многих баз данных' },
});
