import { clientOperation } from './descriptor.ts';
import { actionMethods } from './http-request.ts';
import { mailRetry, mailSteps } from './mail-steps.ts';

/** Sends the client's owner the address of the cloud with login and password. Ends with the first attempt; what failed for a while is tried again without it. */
export const sendSuccess = clientOperation({
  kind: 'client.send_success',
  service: 'notifier',
  command: 'SendSuccess',
  http: {
    path: '/clients/{id}/send_success',
    methods: actionMethods,
    summary: 'Sends the mail with address, login and password of the cloud',
  },
  title: { en: 'Mail with the access to the cloud', ru: 'Письмо с доступом к облаку' },
  steps: mailSteps,
  retry: mailRetry,
  exclusive: false,
});
