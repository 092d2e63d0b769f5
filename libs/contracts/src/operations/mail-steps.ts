import { message } from '../words/message.ts';
import type { Words } from '../words/words.ts';
import type { Retry } from './descriptor.ts';

/** The one step of an operation that sends a mail. */
export const mailSteps = {
  send: { en: 'Handing over to the mail server', ru: 'Передача почтовому серверу' },
} as const satisfies Record<string, Words>;

/** The mail has a stream of its own, which is what goes on; the operation was about one attempt. */
export const mailRetry: Retry = {
  instead: message`A mail is tried again by POST /mails/{id}/retry, or its request is sent again`,
};
