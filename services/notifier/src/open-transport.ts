import { readFile } from 'node:fs/promises';
import type { NotifierConfig } from './config.ts';
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
  const secret = passwordFile === undefined ? password : (await readFile(passwordFile, 'utf8')).trim();
  const config: SmtpConfig = {
    ...settings,
    ...(user === undefined ? {} : { credentials: { user, password: secret ?? '' } }),
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
