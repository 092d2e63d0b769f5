import { common } from './common-steps.ts';
import { clientOperation } from './descriptor.ts';
import { actionMethods } from './http-request.ts';

/** Takes the maintenance page off, as the last thing. */
export const disableMaintenance = clientOperation({
  kind: 'client.disable_maintenance',
  command: 'DisableMaintenance',
  http: {
    path: '/clients/{id}/maintain_disable',
    methods: actionMethods,
    summary: 'Takes the maintenance page off',
  },
  title: { en: 'Turning off of the maintenance page', ru: 'Выключение страницы обслуживания' },
  steps: common('application', 'settings', 'vhost', 'reachable'),
  meanwhile: { page: 'its own' },
  retry: 'same parameters',
});
