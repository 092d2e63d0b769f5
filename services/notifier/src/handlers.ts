import { message } from '@alfa-cloud/contracts';
import { type HandlersOf, notSupportedYet } from '@alfa-cloud/messaging';

/** Every command of this service. */
export const handlers = {
  SendMail: notSupportedYet(message`Sending mails is not supported yet`),
} satisfies HandlersOf<'notifier'>;
