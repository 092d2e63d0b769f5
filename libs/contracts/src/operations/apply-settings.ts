import { CloudSettingsChanges } from '../attributes/clients.ts';
import { common } from './common-steps.ts';
import { clientOperation } from './descriptor.ts';
import { requestDocument } from './http-request.ts';

/** Makes changed cloud settings true in the client's database, whatever else runs on the client. */
export const applySettings = clientOperation({
  kind: 'client.apply_settings',
  command: 'ChangeCloudSettings',
  parameters: CloudSettingsChanges.properties,
  http: {
    path: '/clients/{id}/settings',
    methods: ['PUT', 'PATCH'],
    summary: "Changes cloud settings; 200 when they stand in the client's database",
    body: requestDocument({ type: 'cloud-settings', attributes: CloudSettingsChanges }),
    own: true,
  },
  title: { en: 'Application of the cloud settings', ru: 'Применение настроек облака' },
  steps: common('settings'),
  exclusive: false,
  retry: 'same parameters',
});
