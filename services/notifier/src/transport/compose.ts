import { asciiEmail } from '@alfa-cloud/contracts';
import type { SendMailOptions } from 'nodemailer';
import type { OutgoingMail } from './mail-transport.ts';

/** Who mails come from. */
export interface Sender {
  from: { name: string; address: string };
  /** Empty: answers go to the sender. */
  replyTo: string;
  /** Where a mail goes back to that can't be delivered. Empty: to the sender. */
  returnPath: string;
}

/** What nodemailer makes the message of. Domains in ASCII, so that every server takes them. No header ever comes from a value as it stands. */
export const composed = (mail: OutgoingMail, { from, replyTo, returnPath }: Sender): SendMailOptions => ({
  from: { ...from, address: asciiEmail(from.address) },
  to: { ...mail.to, address: asciiEmail(mail.to.address) },
  ...(replyTo === '' ? {} : { replyTo: asciiEmail(replyTo) }),
  envelope: { from: returnPath || asciiEmail(from.address), to: [asciiEmail(mail.to.address)] },
  // Where the server knows of it: what comes back has the header alone, and no password.
  dsn: { id: mail.mailId, return: 'headers', notify: 'failure' },
  messageId: mail.messageId,
  date: mail.at,
  subject: mail.subject,
  text: mail.text,
  html: mail.html,
  // Nobody's absence note is to answer it.
  headers: { 'Auto-Submitted': 'auto-generated' },
  disableFileAccess: true,
  disableUrlAccess: true,
});

export const domainOf = ({ address }: Sender['from']): string =>
  asciiEmail(address).slice(address.lastIndexOf('@') + 1);
