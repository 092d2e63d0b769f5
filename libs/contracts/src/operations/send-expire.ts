import { clientOperation } from './descriptor.ts';
import { actionMethods } from './http-request.ts';
import { mailRetry, mailSteps } from './mail-steps.ts';

/** Sends the client's owner how many days of use are left. Ends as `client.send_success` does. */
export const sendExpire = clientOperation({
  kind: 'client.send_expire',
  service: 'notifier',
  command: 'SendExpire',
  http: {
    path: '/clients/{id}/send_expire',
    methods: actionMethods,
    summary: 'Sends the mail that tells how many days of use are left',
  },
  title: { en: 'Mail about the end of use', ru: 'Письмо об окончании срока' },
  steps: mailSteps,
  retry: mailRetry,
  exclusive: false,
});
