import { common } from './common-steps.ts';
import { clientOperation } from './descriptor.ts';
import { actionMethods } from './http-request.ts';

/** Takes the demo data out. */
export const disableDemo = clientOperation({
  kind: 'client.disable_demo',
  command: 'DisableDemo',
  http: {
    path: '/clients/{id}/demo_disable',
    methods: actionMethods,
    summary: 'Takes the demo data out',
  },
  title: { en: 'Removal of the demo data', ru: 'Удаление демонстрационных данных' },
  steps: common('demo'),
  afterFailure: 'demo unclear',
  retry: 'same parameters',
});
