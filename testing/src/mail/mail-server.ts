import { simpleParser, type ParsedMail } from 'mailparser';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';

/** A mail as it has arrived. */
export interface Received {
  raw: string;
  parsed: ParsedMail;
  recipients: string[];
  encrypted: boolean;
}

export interface MailServer {
  port: number;
  received: Received[];
  /** Connections made so far. */
  connections(): number;
  close(): Promise<void>;
}

/** A real SMTP server on loopback that keeps what it gets. */
export const startMailServer = async (options: SMTPServerOptions = {}): Promise<MailServer> => {
  const received: Received[] = [];
  let connections = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    // Of the built-in certificate everybody has the key, which is good enough here.
    logger: false,
    // Nothing is looked up in DNS.
    disableReverseLookup: true,
    closeTimeout: 100,
    onConnect(_session, accepted) {
      connections += 1;
      accepted();
    },
    onData(stream, session, accepted) {
      take(stream, session).then((mail) => {
        received.push(mail);
        accepted();
      }, accepted);
    },
    ...options,
  });
  // A client that cuts its connection is a part of these tests.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return {
    port: (server.server.address() as AddressInfo).port,
    received,
    connections: () => connections,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
};

const take = async (stream: NodeJS.ReadableStream, session: SMTPServerSession): Promise<Received> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  const raw = Buffer.concat(chunks).toString('utf8');
  return {
    raw,
    parsed: await simpleParser(raw),
    recipients: session.envelope.rcptTo.map(({ address }) => address),
    encrypted: session.secure,
  };
};
