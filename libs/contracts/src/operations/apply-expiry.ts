import { ExpireDateAttributes } from '../attributes/clients.ts';
import { common } from './common-steps.ts';
import { clientOperation } from './descriptor.ts';
import { requestDocument } from './http-request.ts';

/** Makes a changed last day of use true on the server, whatever else runs on the client. */
export const applyExpiry = clientOperation({
  kind: 'client.apply_expiry',
  command: 'ChangeExpireDate',
  parameters: ExpireDateAttributes.properties,
  http: {
    path: '/clients/{id}/expire_date',
    methods: ['PUT', 'PATCH'],
    summary: 'Changes the last day of use; a day that has passed needs confirm',
    body: requestDocument({ type: 'clients', attributes: ExpireDateAttributes }),
    own: true,
  },
  title: { en: 'Application of the last day of use', ru: 'Применение последнего дня использования' },
  steps: common('settings', 'vhost', 'reachable'),
  exclusive: false,
  retry: 'same parameters',
});
