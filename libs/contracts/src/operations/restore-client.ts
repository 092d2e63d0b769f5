import { RestoreAttributes } from '../attributes/clients.ts';
import { common } from './common-steps.ts';
import { clientOperation } from './descriptor.ts';
import { requestDocument } from './http-request.ts';

/** Puts a backup back; it may be another (for example a deleted) client's, and come from another server. */
export const restoreClient = clientOperation({
  kind: 'client.restore',
  command: 'RestoreClient',
  parameters: RestoreAttributes.properties,
  http: {
    path: '/clients/{id}/restore',
    methods: ['POST'],
    summary: 'Puts a backup back; what the client has entered since is lost, so it needs confirm',
    body: requestDocument({ type: 'restorations', attributes: RestoreAttributes }),
  },
  title: { en: 'Restoration of a backup', ru: 'Восстановление из резервной копии' },
  steps: {
    fetch: { en: 'Backup on this server', ru: 'Резервная копия на этом сервере' },
    ...common('page', 'restore', 'settings', 'healthy', 'open', 'reachable'),
    backup: { en: 'Backup of what is there', ru: 'Резервная копия текущего состояния' },
  },
  meanwhile: { page: 'its own', container: 'stops' },
  afterFailure: 'unresolved',
  retry: 'same parameters',
});
