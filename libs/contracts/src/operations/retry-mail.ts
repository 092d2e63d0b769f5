import { Id } from '../values/primitives.ts';
import { clientOperation } from './descriptor.ts';
import { mailRetry, mailSteps } from './mail-steps.ts';

/** Tries a mail that waits or was given up again, under the Message-ID that it has. */
export const retryMail = clientOperation({
  kind: 'client.retry_mail',
  service: 'notifier',
  command: 'RetryMail',
  parameters: { mailId: Id },
  http: {
    path: '/mails/{id}/retry',
    methods: ['POST'],
    summary: 'Tries a mail that waits or was given up again, at once',
    own: true,
  },
  title: { en: 'Repetition of a mail', ru: 'Повторная отправка письма' },
  steps: mailSteps,
  retry: mailRetry,
  exclusive: false,
});
