import { common } from './common-steps.ts';
import { clientOperation } from './descriptor.ts';
import { actionMethods } from './http-request.ts';

/** Fills in the demo data. */
export const enableDemo = clientOperation({
  kind: 'client.enable_demo',
  command: 'EnableDemo',
  http: {
    path: '/clients/{id}/demo_enable',
    methods: actionMethods,
    summary: 'Fills in the demo data; once it is there nothing is doubled',
  },
  title: { en: 'Filling with demo data', ru: 'Заполнение демонстрационными данными' },
  steps: common('demo'),
  afterFailure: 'demo unclear',
  retry: 'same parameters',
});
