import { afterEach, expect, test } from '@jest/globals';
import { dkimFault, startMailServer, type MailServer } from '@alfa-cloud/testing/mail';
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type AddressInfo, type Server } from 'node:net';
import type { SMTPServerOptions } from 'smtp-server';
import { loadTemplates } from '../src/templates/templates.ts';
import type { MailFailure, MailTransport, OutgoingMail } from '../src/transport/mail-transport.ts';
import type { SmtpConfig } from '../src/transport/smtp-config.ts';
import { smtpTransport } from '../src/transport/smtp-transport.ts';

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).toReversed()) await step();
});

const serve = async (options?: SMTPServerOptions): Promise<MailServer> => {
  const server = await startMailServer(options);
  cleanup.push(() => server.close());
  return server;
};

const sender = {
  from: { name: 'Альфа, Cloud', address: 'cloud@alfa.test' },
  replyTo: 'help@alfa.test',
  returnPath: '',
};

const connect = (port: number, config: Partial<SmtpConfig> = {}): MailTransport => {
  const transport = smtpTransport(
    {
      host: '127.0.0.1',
      port,
      encryption: 'opportunistic',
      perMinute: 6000,
      connections: 2,
      deadlineMs: 3000,
      ...config,
    },
    sender,
  );
  cleanup.push(() => transport.close());
  return transport;
};

const render = loadTemplates();
const mailFor = (
  locale: 'ru' | 'en',
  changes: Partial<OutgoingMail> = {},
  name = 'Лаборатория «Один»',
): OutgoingMail => ({
  mailId: 'one',
  messageId: '<one@alfa.test>',
  to: { name, address: 'owner@lab.test' },
  ...render('success', {
    locale,
    name,
    cloudUrl: 'https://lab-one.alfa.test',
    login: 'owner@lab.test',
    password: 'Blue-Kettle-42',
    expireDate: '2026-12-31',
    today: '2026-11-26',
    brand: { name: 'Alfa', url: '', supportEmail: '' },
  }),
  at: new Date('2026-11-26T12:00:00Z'),
  ...changes,
});

/** The failure of a hand-over. */
const failureOf = (transport: MailTransport, mail = mailFor('en')): Promise<MailFailure> =>
  transport.send(mail).then(
    () => {
      throw new Error('It was taken');
    },
    (error: unknown) => error as MailFailure,
  );

test.each(['ru', 'en'] as const)('the mail arrives whole, in %s', async (locale) => {
  const server = await serve();
  const mail = mailFor(locale);
  expect(await connect(server.port).send(mail)).toEqual({ answer: expect.stringMatching(/^250 /) });
  const [received] = server.received;
  expect(received?.recipients).toEqual(['owner@lab.test']);
  expect(received?.parsed).toMatchObject({
    subject: mail.subject,
    messageId: '<one@alfa.test>',
    from: { value: [sender.from] },
    to: { value: [mail.to] },
    replyTo: { value: [{ address: 'help@alfa.test' }] },
    date: mail.at,
  });
  expect(received?.parsed.text?.trimEnd()).toBe(mail.text.trimEnd());
  expect(String(received?.parsed.html).trimEnd()).toBe(mail.html.trimEnd());
  expect(received?.parsed.headers.get('auto-submitted')).toBe('auto-generated');
});

test('names that try to be headers, and long ones, stay names; the domain travels in ASCII', async () => {
  const server = await serve();
  const transport = connect(server.port);
  const names = ['x\r\nBcc: all@evil.test', '"quoted" <evil@evil.test>', '<script>', 'Ж'.repeat(1000)];
  for (const name of names) {
    const to = { name, address: 'owner@bücher.test' };
    await transport.send(mailFor('ru', { to, subject: `To ${name}` }, name));
  }
  expect(server.received).toHaveLength(names.length);
  for (const { raw, parsed, recipients } of server.received) {
    expect(recipients).toHaveLength(1);
    expect(raw).toContain('<owner@xn--bcher-kva.test>');
    const head = raw.slice(0, raw.indexOf('\r\n\r\n'));
    expect(head).not.toMatch(/^bcc:/im);
    expect(head.split('\r\n').every((line) => line.length <= 998)).toBe(true);
    expect(parsed.to).toMatchObject({ value: [expect.anything()] });
    expect(parsed.html).not.toContain('<script>');
  }
});

test.each([
  ['RCPT TO', 450, 'transient'],
  ['RCPT TO', 550, 'final'],
  ['DATA', 451, 'transient'],
  ['DATA', 552, 'final'],
] as const)(
  'a refusal at %s by %i is %s, and another mail goes through',
  async (command, responseCode, kind) => {
    let refuses = true;
    const refusal = () => Object.assign(new Error('<owner@lab.test> not now'), { responseCode });
    const server = await serve({
      onRcptTo: (_address, _session, done) => done(refuses && command === 'RCPT TO' ? refusal() : null),
      onData(stream, _session, done) {
        stream.resume();
        stream.on('end', () => done(refuses && command === 'DATA' ? refusal() : null));
      },
    });
    const transport = connect(server.port);
    const failed = await failureOf(transport);
    expect(failed.kind).toBe(kind);
    expect(failed.failure.words.values).toEqual([`${responseCode} <…> not now`]);
    refuses = false;
    expect(await transport.send(mailFor('en'))).toEqual({ answer: expect.stringMatching(/^250/) });
  },
);

test('a connection that is cut in mid-DATA counts against the mail, and is not tried again behind the back of the outbox', async () => {
  const commands: string[] = [];
  const port = await listening(
    createServer((socket) => {
      let isData = false;
      socket.on('error', () => undefined);
      socket.write('220 cut.test ESMTP\r\n');
      socket.on('data', (data) => {
        if (isData) {
          socket.destroy();
          return;
        }
        const command = data.toString('latin1').trim();
        commands.push(command);
        isData = command === 'DATA';
        socket.write(isData ? '354 go on\r\n' : '250 ok\r\n');
      });
    }),
  );
  const to = { name: 'One', address: 'owner@bücher.test' };
  const failed = await failureOf(connect(port), mailFor('en', { to }));
  expect(failed).toMatchObject({ kind: 'transient', failure: { code: 'mail_cut_off' } });
  expect(commands.slice(1)).toEqual([
    'MAIL FROM:<cloud@alfa.test>',
    'RCPT TO:<owner@xn--bcher-kva.test>',
    'DATA',
  ]);
});

test('a server that keeps silent is away; one that falls silent over a mail has it tried again', async () => {
  const silent = await listening(createServer((socket) => void socket.on('error', () => undefined)));
  expect(await failureOf(connect(silent))).toMatchObject({
    kind: 'outage',
    failure: { code: 'mail_server_away' },
  });
  const server = await serve({ onData: (stream) => void stream.resume() });
  expect(await failureOf(connect(server.port))).toMatchObject({
    kind: 'transient',
    failure: { code: 'mail_deadline' },
  });
});

test('nobody there, and a login that is refused, are outages', async () => {
  const server = await serve();
  await server.close();
  expect(await failureOf(connect(server.port))).toMatchObject({ kind: 'outage' });
  const strict = await serve({
    authOptional: false,
    onAuth: (_auth, _session, done) => done(new Error('no')),
  });
  const credentials = { user: 'cloud', password: 'Secret-1' };
  const failed = await failureOf(connect(strict.port, { credentials, encryption: 'off' }));
  expect(failed).toMatchObject({ kind: 'outage' });
  expect(JSON.stringify(failed.failure)).not.toContain('Secret-1');
});

test('encryption is used where it is offered; where it is required, only with a certificate that can be trusted', async () => {
  const server = await serve({ disabledCommands: [] });
  await connect(server.port).send(mailFor('en'));
  expect(server.received.map(({ encrypted }) => encrypted)).toEqual([true]);
  expect(await failureOf(connect(server.port, { encryption: 'required' }))).toMatchObject({ kind: 'outage' });
  const plain = await serve();
  expect(await failureOf(connect(plain.port, { encryption: 'required' }))).toMatchObject({ kind: 'outage' });
  const tls = await serve({ secure: true });
  expect(await failureOf(connect(tls.port, { encryption: 'tls' }))).toMatchObject({ kind: 'outage' });
  expect([plain, tls].flatMap(({ received }) => received)).toEqual([]);
});

test('mails are signed by DKIM when there is a key', async () => {
  const server = await serve();
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const privateKey = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await connect(server.port, { dkim: { domain: 'alfa.test', selector: 'm1', privateKey } }).send(
    mailFor('ru'),
  );
  const signature = server.received[0]?.raw.replaceAll(/\r\n\s+/g, ' ').match(/^DKIM-Signature: (.*)$/m)?.[1];
  expect(signature).toMatch(/d=alfa\.test;.*s=m1;/);
  expect(signature).toMatch(/h=from:.*subject:.*message-id/i);
  const raw = server.received[0]?.raw ?? '';
  expect(dkimFault(raw, keys.publicKey)).toBeNull();
  expect(dkimFault(raw.replace('\r\nSubject: ', '\r\nSubject: x'), keys.publicKey)).toMatch(/header changed/);
  expect(dkimFault(`${raw}x\r\n`, keys.publicKey)).toBe('body changed');
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
  expect(dkimFault(raw, other.publicKey)).toMatch(/another key/);
});

test('a connection is kept over mails, and no more are made than allowed', async () => {
  const server = await serve();
  const transport = connect(server.port, { connections: 1 });
  const never = new AbortController().signal;
  const mails = Array.from({ length: 5 }, (_, index) => mailFor('en', { messageId: `<${index}@alfa.test>` }));
  await Promise.all(mails.map((mail) => transport.inTurn(() => transport.send(mail), never)));
  expect(server.received).toHaveLength(5);
  expect(server.connections()).toBe(1);
});

const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  cleanup.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
};
