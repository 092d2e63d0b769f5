import { createTransport, type SendMailOptions } from 'nodemailer';
import type { SmtpConfig } from './smtp-config.ts';
import { smtpFailure, withoutAddresses } from './smtp-failure.ts';

/** One connection to the mail server, made when it is needed and kept. Takes one mail at a time. */
export interface SmtpLine {
  /** @returns what the server said · @throws MailFailure */
  send(mail: SendMailOptions): Promise<string>;
  close(): void;
}

/** Mails over one connection, after which another is made. */
const mailsPerConnection = 100;

export const openLine = (config: SmtpConfig): SmtpLine => {
  const { deadlineMs } = config;
  let isDataBegun = false;
  const pool = createTransport({
    pool: true,
    // The outbox decides what is tried again, since only it knows whether a mail may have arrived.
    maxRequeues: 0,
    maxConnections: 1,
    maxMessages: mailsPerConnection,
    // Whoever does not even greet is away; silence later is about the mail, and has the whole deadline.
    connectionTimeout: deadlineMs / 3,
    greetingTimeout: deadlineMs / 3,
    dnsTimeout: deadlineMs / 3,
    socketTimeout: deadlineMs,
    socketCloseTimeout: 0,
    disableFileAccess: true,
    disableUrlAccess: true,
    // Nothing else tells from which command on the server may have the mail. What is logged is looked at and goes nowhere.
    transactionLog: true,
    logger: watching((command) => {
      if (command === 'DATA') isDataBegun = true;
    }),
    ...connectionOptions(config),
  });
  return {
    async send(mail) {
      isDataBegun = false;
      const late = AbortSignal.timeout(deadlineMs);
      try {
        const { response } = await pool.sendMail({ ...mail, signal: late });
        return withoutAddresses(response);
      } catch (error) {
        throw smtpFailure(error, { isDataBegun, lateAfterMs: late.aborted ? deadlineMs : null });
      }
    },
    close: () => pool.close({ force: true }),
  };
};

const ignore = () => undefined;

/** A logger in the form that nodemailer takes, which passes on what the client says to the server. */
const watching = (onCommand: (command: string) => void) => ({
  level: ignore,
  trace: ignore,
  debug: (entry: { tnx?: string }, text: unknown) => {
    if (entry.tnx === 'client') onCommand(String(text));
  },
  info: ignore,
  warn: ignore,
  error: ignore,
  fatal: ignore,
});

const connectionOptions = ({ host, port, encryption, ca, credentials, dkim }: SmtpConfig) => ({
  host,
  port,
  secure: encryption === 'tls',
  requireTLS: encryption === 'required',
  ignoreTLS: encryption === 'off',
  opportunisticTLS: encryption === 'opportunistic',
  tls: {
    minVersion: 'TLSv1.2' as const,
    // Without it there would be no encryption at all, which nobody could check either.
    rejectUnauthorized: encryption !== 'opportunistic',
    ...(ca === undefined ? {} : { ca }),
  },
  ...(credentials === undefined ? {} : { auth: { user: credentials.user, pass: credentials.password } }),
  ...(dkim === undefined
    ? {}
    : { dkim: { domainName: dkim.domain, keySelector: dkim.selector, privateKey: dkim.privateKey } }),
});
