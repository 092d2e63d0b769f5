import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { message } from '@alfa-cloud/contracts';
import { errorCode, errorMessage } from '@alfa-cloud/service-kit';
import { composed, domainOf, type Sender } from './compose.ts';
import { MailFailure, type MailTransport } from './mail-transport.ts';

const deadlineMs = 10_000;

/**
 * Writes each mail as `<id of the mail>.eml` into a directory, for installations without a mail server. Only the owner of the process may read
 * them, since they hold passwords. A repeated attempt writes the same file.
 */
export const fileTransport = (directory: string, sender: Sender): MailTransport => {
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'unix' });
  return {
    kind: 'file',
    domain: domainOf(sender.from),
    deadlineMs,
    inTurn: (work) => work(),
    async send(mail) {
      const name = `${mail.mailId}.eml`;
      const composedMail = await composer.sendMail(composed(mail, sender));
      try {
        await writeWhole(directory, name, composedMail.message as Buffer);
      } catch (error) {
        const words = message`The mail could not be written to a file: ${errorCode(error) ?? errorMessage(error)}`;
        throw new MailFailure('outage', { code: 'outbox_not_writable', words }, { cause: error });
      }
      return { answer: name };
    },
    close: () => composer.close(),
  };
};

/** A cut in between leaves no half mail under its name. */
const writeWhole = async (directory: string, name: string, content: Buffer): Promise<void> => {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const half = join(directory, `${name}.${process.pid}.part`);
  await writeFile(half, content, { mode: 0o600 });
  await rename(half, join(directory, name));
};
