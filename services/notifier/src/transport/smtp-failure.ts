import { message, type Message } from '@alfa-cloud/contracts';
import type { FailureKind } from '../outbox/mail.ts';
import { errorMessage } from '@alfa-cloud/service-kit';
import { MailFailure } from './mail-transport.ts';

/** What nodemailer tells of a failure besides its message. */
interface SmtpError {
  code?: string;
  command?: string;
  /** The last line of the server. */
  response?: string;
  responseCode?: number;
}

const answerMax = 500;

/** What a server said, on one line, without the addresses that servers like to repeat. Takes no longer than the answer is long, whoever wrote it. */
export const withoutAddresses = (answer: string): string =>
  answer
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .replaceAll(/<?[^\s<>"(),:;]+>?/g, (word) => (/[^<]@[^>]/.test(word) ? '<…>' : word))
    .slice(0, answerMax)
    .trim();

/** Commands about this mail; a refusal of any other is about us. */
const aboutMail = ['MAIL FROM', 'RCPT TO', 'DATA'];

/** How far the hand-over had come. */
interface Progress {
  /** The server may have the mail. */
  isDataBegun: boolean;
  /** The whole deadline when that has passed, ms; else null. */
  lateAfterMs: number | null;
}

/**
 * What a failed hand-over means for the mail. A server that is away, or refuses before it has heard of the mail (greeting, encryption, login),
 * is an outage: the mail waits without limit. Once the server may have the mail, every failure counts, since each further attempt may bring it
 * once more. Pure.
 */
export const smtpFailure = (error: unknown, { isDataBegun, lateAfterMs }: Progress): MailFailure => {
  const { code = 'unexpected', command = '', response = '', responseCode } = (error ?? {}) as SmtpError;
  const answer = withoutAddresses(response);
  const failure = (kind: FailureKind, slug: string, words: Message) =>
    new MailFailure(kind, { code: slug, words }, { cause: error });
  if (responseCode !== undefined && aboutMail.includes(command)) {
    const kind = isFinal(responseCode) ? 'final' : 'transient';
    return failure(kind, 'mail_refused', message`The mail server answered: ${answer}`);
  }
  const kind = isDataBegun ? 'transient' : 'outage';
  if (lateAfterMs !== null) {
    const words = message`The mail server did not take the mail within ${lateAfterMs / 1000} s`;
    return failure(kind, 'mail_deadline', words);
  }
  if (isDataBegun) {
    const words = message`The connection to the mail server broke while it took the mail`;
    return failure(kind, 'mail_cut_off', words);
  }
  return failure(kind, 'mail_server_away', awayWords(code, answer, error));
};

/** Another session may have another answer than "bad sequence of commands" (503) or "going away" (421). */
const isFinal = (responseCode: number): boolean =>
  responseCode >= 500 && responseCode < 600 && responseCode !== 503;

const awayWords = (code: string, answer: string, error: unknown): Message => {
  if (code === 'EAUTH') return message`The mail server refuses the login: ${answer}`;
  if (code === 'ETLS')
    return message`The connection to the mail server could not be encrypted: ${told(error)}`;
  if (answer !== '') return message`The mail server refuses us: ${answer}`;
  return message`The mail server can not be reached: ${told(error)}`;
};

const told = (error: unknown): string => withoutAddresses(errorMessage(error));
