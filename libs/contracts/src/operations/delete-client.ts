import { Type } from 'typebox';
import { withoutBackup } from '../attributes/clients.ts';
import { common } from './common-steps.ts';
import { clientOperation } from './descriptor.ts';

/** Removes a client and all that is its own. */
export const deleteClient = clientOperation({
  kind: 'client.delete',
  command: 'DeleteClient',
  parameters: {
    /** The client's slug, as a confirmation. */
    confirm: Type.Optional(Type.String({ maxLength: 200 })),
    /** True: delete even though no final dump can be made, e.g. because the database is broken. Default false. */
    withoutBackup,
  },
  http: {
    path: '/clients/{id}',
    methods: ['DELETE'],
    summary:
      "Removes a client and all that is its own from its server, after a last backup; confirm is the client's slug",
    query: ['confirm', 'withoutBackup'],
  },
  title: { en: 'Deletion of the client', ru: 'Удаление клиента' },
  steps: {
    ...common('page', 'containers', 'volume', 'database', 'check'),
    backup: { en: 'Final backup', ru: 'Последняя резервная копия' },
    former: { en: 'Former server', ru: 'Прежний сервер' },
    vhost: { en: 'Configuration files and virtual host', ru: 'Файлы настроек и виртуальный хост' },
  },
  meanwhile: { page: 'its own', container: 'stops' },
  retry: 'same parameters',
});
