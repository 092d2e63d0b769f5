import { common } from './common-steps.ts';
import { clientOperation } from './descriptor.ts';
import { actionMethods } from './http-request.ts';

/** Restarts the container, and puts its application into the mode that it may have missed while it was stopped. */
export const rebootClient = clientOperation({
  kind: 'client.reboot',
  command: 'RebootClient',
  http: {
    path: '/clients/{id}/reboot',
    methods: actionMethods,
    summary: "Restarts the client's container; ends ok only when the client answers again",
  },
  title: { en: 'Restart of the client', ru: 'Перезапуск клиента' },
  steps: common('restart', 'healthy', 'application', 'reachable'),
  meanwhile: { container: 'stops' },
  retry: 'same parameters',
});
