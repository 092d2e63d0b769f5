import { readFile } from 'node:fs/promises';
import { imapMailbox } from './bounces/imap-mailbox.ts';
import type { Mailbox } from './bounces/mailbox.ts';
import type { NotifierConfig } from './config.ts';
import type { BouncesSettings } from './config/bounces.ts';
import { fileTransport } from './transport/file-transport.ts';
import type { MailTransport } from './transport/mail-transport.ts';
import type { SmtpConfig } from './transport/smtp-config.ts';
import { smtpTransport } from './transport/smtp-transport.ts';

/** The way that mails take by the configuration. @throws Error when a file of keys or certificates can't be read */
export const openTransport = async ({
  smtp,
  sender,
  outboxDirectory,
}: NotifierConfig): Promise<MailTransport> => {
  if (smtp === null) return fileTransport(outboxDirectory, sender);
  const { user, password, passwordFile, caFile, dkim, ...settings } = smtp;
  const secret = await secretIn(passwordFile, password);
  const config: SmtpConfig = {
    ...settings,
    ...(user === undefined ? {} : { credentials: { user, password: secret } }),
    ...(caFile === undefined ? {} : { ca: await readFile(caFile, 'utf8') }),
    ...(dkim === null
      ? {}
      : {
          dkim: {
            domain: dkim.domain,
            selector: dkim.selector,
            privateKey: await readFile(dkim.keyFile, 'utf8'),
          },
        }),
  };
  return smtpTransport(config, sender);
};

/** The mailbox for returned mail. @throws as {@link openTransport} */
export const openMailbox = async (settings: BouncesSettings): Promise<Mailbox> => {
  const { password, passwordFile, caFile, ...config } = settings;
  return imapMailbox({
    ...config,
    password: await secretIn(passwordFile, password),
    ...(caFile === undefined ? {} : { ca: await readFile(caFile, 'utf8') }),
  });
};

const secretIn = async (file: string | undefined, otherwise = ''): Promise<string> =>
  file === undefined ? otherwise : (await readFile(file, 'utf8')).trim();
