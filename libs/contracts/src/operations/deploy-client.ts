import { Type } from 'typebox';
import { bulkOperation } from './bulk-operation.ts';
import { replacementSteps } from './common-steps.ts';
import { clientOperation } from './descriptor.ts';

/** Makes the client's configuration anew; its container is replaced only when that differs. Begun for many clients only. */
export const deployClient = clientOperation({
  kind: 'client.deploy',
  command: null,
  /** Replace containers whose configuration has not changed, too. Default false. */
  parameters: { force: Type.Optional(Type.Boolean()) },
  http: null,
  title: { en: 'Renewal of the configuration', ru: 'Обновление конфигурации' },
  steps: replacementSteps,
  meanwhile: { container: 'replaced' },
  afterFailure: 'unresolved',
  retry: 'same parameters',
});

export const deployClients = bulkOperation(deployClient, {
  command: 'DeployClients',
  parameters: ['force'],
  http: {
    path: '/clients/deploy',
    summary: "Makes every client's configuration anew; replaces only containers whose configuration differs",
  },
  title: { en: 'Renewal of many configurations', ru: 'Обновление многих конфигураций' },
  steps: { proxy: { en: 'Virtual hosts in the proxy', ru: 'Виртуальные хосты в прокси' } },
});
