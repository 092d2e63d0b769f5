import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { deriveId, mailIdOf, newId, streams } from '@alfa-cloud/contracts';
import { EventStoreDBClient } from '@eventstore/db-client';
import { eventually } from '@alfa-cloud/testing';
import { startMailServer, type MailServer } from '@alfa-cloud/testing/mail';
import { connect } from '@nats-io/transport-node';
import { createAlfaCloud, type AlfaCloud } from '../src/alfa-cloud.ts';
import { readAlfaCloudConfig } from '../src/config.ts';
import { act, createCaller, type Caller } from './support/caller.ts';
import {
  inDays,
  ownerPassword,
  password,
  startMailWorld,
  type MailWorld,
  type RecordedClient,
} from './support/mail-world.ts';

const today = new Date().toISOString().slice(0, 10);

const cleanup: (() => Promise<unknown>)[] = [];
const traffic: string[] = [];
/** Of links in mails. */
const tokens: string[] = [];
let env: Record<string, string | undefined>;
let mailServer: MailServer;
let world: MailWorld;
let cloud: AlfaCloud;
let call: Caller;
let refusing: number | null = null;

const start = async (changes: Record<string, string> = {}): Promise<AlfaCloud> => {
  const started = createAlfaCloud(readAlfaCloudConfig({ ...env, ...changes }));
  await started.start();
  return started;
};

/** Two notifiers, one server of mails; what the provisioner would have recorded is written here. */
beforeAll(async () => {
  world = await startMailWorld();
  cleanup.unshift(() => world.dispose());
  mailServer = await startMailServer({
    onRcptTo: (_address, _session, done) =>
      done(refusing === null ? null : Object.assign(new Error('No'), { responseCode: refusing })),
  });
  cleanup.unshift(() => mailServer.close());
  env = { ...world.env, ALFA_SMTP_URL: `smtp://127.0.0.1:${mailServer.port}` };
  cloud = await start();
  cleanup.unshift(() => cloud.stop());
  call = createCaller(cloud.url, password);
  const listener = await connect({ servers: String(env['NATS_URL']) });
  cleanup.unshift(() => listener.close());
  listener.subscribe('>', {
    callback: (_error, message) => void traffic.push(Buffer.from(message.data).toString()),
  });
});

afterAll(async () => {
  for (const step of cleanup.splice(0)) await step();
});

const addClient = (slug: string, more?: RecordedClient) => world.addClient(call, slug, more);

const arrivedFor = (slug: string) =>
  mailServer.received.filter(({ recipients }) => recipients.includes(`${slug}@lab.test`));

test('GET and POST send_success and send_expire: the mails arrive, in the language of the client, and are listed', async () => {
  const clientId = await addClient('one', { expireDate: inDays(7) });
  const sent = await act(call, 'GET', `/clients/${clientId}/send_success`);
  expect(sent).toMatchObject({ status: 'ok', result: { mail: 'sent', transport: 'smtp' } });
  const english = await addClient('two', { locale: 'en' });
  expect(await act(call, 'POST', `/clients/${clientId}/send_expire`)).toMatchObject({ status: 'ok' });
  expect(await act(call, 'GET', `/clients/${english}/send_expire`)).toMatchObject({ status: 'ok' });
  const [success, expire] = arrivedFor('one').map(({ parsed }) => parsed);
  expect(success?.subject).toBe('Ваше облако Alfa готово');
  for (const text of [success?.text, String(success?.html)]) {
    for (const part of ['http://one', 'one@lab.test', ownerPassword, 'help@alfa.test'])
      expect(text).toContain(part);
  }
  expect(expire?.subject).toBe('Облако Alfa: до окончания срока 7 дней');
  expect(arrivedFor('two')[0]?.parsed.subject).toMatch(/may be used for 200 more days/);
  const { body } = await call('GET', `/clients/${clientId}/mails`);
  expect(body.data.map(({ attributes }: { attributes: object }) => attributes)).toMatchObject([
    {
      template: 'expire',
      origin: 'request',
      status: 'sent',
      attempts: 1,
      answer: expect.stringMatching(/^250/),
    },
    { template: 'success', origin: 'request', status: 'sent', messageId: success?.messageId },
  ]);
  const history = (await call('GET', `/clients/${clientId}/history`, undefined, { 'accept-language': 'ru' }))
    .body;
  expect(JSON.stringify(history.data)).toContain('передано почтовому серверу');
  const preview = (await call('GET', `/mails/preview?template=success&clientId=${clientId}`)).body.data
    .attributes;
  expect(preview).toMatchObject({ subject: 'Ваше облако Alfa готово', locale: 'ru' });
  expect(preview.html).toContain('••••••••');
  const abroad = await call('GET', `/mails/preview?template=success&clientId=${clientId}&locale=en`);
  expect(abroad.body.data.attributes).toMatchObject({ locale: 'en' });
  expect(abroad.body.data.attributes.subject).not.toMatch(/[а-я]/i);
});

test('a request repeated under one key sends one mail; what is not there is refused', async () => {
  const clientId = await addClient('key');
  const headers = { 'idempotency-key': 'the-same', prefer: 'wait=20' };
  for (let time = 0; time < 2; time += 1) {
    const { status } = await call('POST', `/clients/${clientId}/send_success`, undefined, headers);
    expect(status).toBe(200);
  }
  expect(arrivedFor('key')).toHaveLength(1);
  expect((await call('POST', `/clients/${newId()}/send_success`)).status).toBe(404);
  expect((await call('GET', `/clients/${newId()}/mails`)).status).toBe(404);
  expect((await call('POST', `/mails/${newId()}/retry`)).status).toBe(404);
});

test('a refusal for good ends the operation with the reason, and the mail can be tried again; one for now has it wait', async () => {
  const clientId = await addClient('refused');
  refusing = 550;
  const refused = await act(call, 'POST', `/clients/${clientId}/send_success`);
  expect(refused).toMatchObject({
    status: 'error',
    error: { code: 'mail_refused', reason: expect.stringMatching(/550/) },
  });
  const [{ id }] = (await call('GET', `/mails?filter[status]=failed&filter[client]=${clientId}`)).body.data;
  refusing = null;
  expect(await act(call, 'POST', `/mails/${id}/retry`)).toMatchObject({
    status: 'ok',
    result: { mail: 'sent' },
  });
  const again = await call('POST', `/mails/${id}/retry`);
  expect([again.status, again.body.errors?.[0]?.code]).toEqual([409, 'mail_sent']);
  expect(arrivedFor('refused')[0]?.parsed.messageId).toBe(`<${id}@alfa.test>`);
  refusing = 450;
  const deferred = await act(call, 'POST', `/clients/${clientId}/send_expire`);
  expect(deferred).toMatchObject({ status: 'ok', result: { mail: 'waiting', code: 'mail_refused' } });
  refusing = null;
});

test('a client created with it gets its mail once, warnings of the day go out once, whatever replicas there are', async () => {
  const created = await addClient('created', { sendSuccess: true });
  const warned = await Promise.all(
    [1, 2, 3].map((number) => addClient(`warned-${number}`, { expireDate: today })),
  );
  const replicas = [
    await start({ ALFA_SERVICES: 'notifier', ALFA_EXPIRE_MAILS: 'on' }),
    await start({ ALFA_SERVICES: 'notifier', ALFA_EXPIRE_MAILS: 'on' }),
  ];
  try {
    await eventually(
      'all mails have come',
      () =>
        arrivedFor('created').length > 0 &&
        [1, 2, 3].every((number) => arrivedFor(`warned-${number}`).length > 0),
    );
  } finally {
    for (const replica of replicas) await replica.stop();
  }
  for (const slug of ['created', 'warned-1', 'warned-2', 'warned-3'])
    expect(arrivedFor(slug)).toHaveLength(1);
  const { body } = await call('GET', '/mails?filter[origin]=schedule');
  expect(
    body.data
      .map(
        ({ relationships }: { relationships: { client: { data: { id: string } } } }) =>
          relationships.client.data.id,
      )
      .toSorted(),
  ).toEqual(warned.toSorted());
  const mailId = mailIdOf(created, 'success', deriveId(created, 'creation'));
  expect((await call('GET', `/mails/${mailId}`)).body.data.attributes).toMatchObject({
    origin: 'creation',
    status: 'sent',
  });
});

test('a link in a mail shows the password once, whichever of two gateways is asked, to whom no credentials are known', async () => {
  const link = { ALFA_MAIL_PASSWORDS: 'link', ALFA_PUBLIC_URL: 'https://cloud.test' };
  await cloud.stop();
  cloud = await start(link);
  call = createCaller(cloud.url, password);
  const other = await start({ ...link, ALFA_SERVICES: 'notifier,api-gateway' });
  try {
    const clientId = await addClient('linked');
    expect(await act(call, 'POST', `/clients/${clientId}/send_success`)).toMatchObject({ status: 'ok' });
    const [mail] = arrivedFor('linked').map(({ parsed }) => parsed);
    expect(`${mail?.text}${String(mail?.html)}`).not.toContain(ownerPassword);
    const path = /https:\/\/cloud\.test(\/password\/[\w-]{43})\s/.exec(mail?.text ?? '')?.[1] ?? '';
    tokens.push(path.slice('/password/'.length));
    const ask = async (url: string, method: string) => {
      const answer = await fetch(new URL(path, url), { method });
      return { status: answer.status, text: await answer.text() };
    };
    const both = [cloud.url, other.url];
    for (const url of both) expect(await ask(url, 'GET')).toMatchObject({ status: 200 });
    const clicks = await Promise.all([...both, ...both, ...both].map((url) => ask(url, 'POST')));
    const shown = clicks.filter(({ text }) => text.includes(ownerPassword));
    expect(shown.map(({ status }) => status)).toEqual([200]);
    expect(clicks.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200, 410, 410, 410, 410, 410,
    ]);
    for (const url of both) expect(await ask(url, 'GET')).toMatchObject({ status: 410 });
    await eventually('the history tells of it', async () => {
      const { body } = await call('GET', `/clients/${clientId}/history`);
      return JSON.stringify(body.data).includes('PasswordLinkOpened');
    });
  } finally {
    await other.stop();
  }
});

test('an alert reaches a webhook and the administrator once each, signed anew when it is tried again', async () => {
  const seen: { headers: IncomingHttpHeaders; body: string }[] = [];
  let isBroken = true;
  const receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen.push({ headers: request.headers, body });
      response.writeHead(isBroken ? 500 : 204).end();
      isBroken = false;
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const { port } = receiver.address() as AddressInfo;
  // Under load an answer may take its time, and 202 would be right as well.
  const notices = {
    ALFA_REPLY_WAIT_MS: '30000',
    ALFA_WEBHOOK_PRIVATE: 'on',
    ALFA_ALERT_EMAILS: 'admin@lab.test',
    ALFA_DIGEST_AT: 'off',
  };
  await cloud.stop();
  cloud = await start(notices);
  call = createCaller(cloud.url, password);
  const other = await start({ ...notices, ALFA_SERVICES: 'notifier' });
  try {
    const url = `http://127.0.0.1:${port}/hooks/canary-Hook-4711`;
    const attributes = { url, events: ['alert.raised'] };
    const made = await call('POST', '/webhooks', { data: { type: 'webhooks', attributes } });
    expect([made.status, made.text]).toEqual([201, made.text]);
    const { id } = made.body.data;
    const { secret } = made.body.meta;
    const alert = { alertId: newId(), code: 'all_unreachable', about: null } as const;
    const data = { ...alert, since: new Date().toISOString(), reason: 'None of 3 servers answers' };
    const cause = { commandId: newId(), correlationId: 'test', causationId: 'test', actor: 'test' };
    await world.engines.eventStore.append(
      streams.controlPlane,
      [{ id: newId(), event: { type: 'ControlPlaneAlertRaised', data } }],
      { expectedRevision: 'no_stream', cause },
    );
    const delivered = async () => {
      const { body } = await call('GET', `/webhooks/${id}/deliveries?filter[status]=delivered`);
      if (body.data === undefined) throw new Error(JSON.stringify(body));
      return body.data.length > 0 ? body.data[0] : undefined;
    };
    const delivery = await eventually('the webhook has it', delivered);
    expect(delivery.attributes).toMatchObject({
      event: 'alert.raised',
      attempts: 2,
      answer: '204',
      failure: null,
    });
    await eventually('the administrator has it', () => arrivedFor('admin').length > 0);
    expect(arrivedFor('admin').map(({ parsed }) => parsed.subject)).toEqual([
      'Alfa Cloud: Alert: No server answers: look at Alfa Cloud itself and its network',
    ]);
    expect(seen).toHaveLength(2);
    expect(new Set(seen.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([delivery.id]));
    for (const { headers, body } of seen) {
      const signed = `${delivery.id}.${String(headers['webhook-timestamp'])}.${body}`;
      const key = Buffer.from(String(secret).slice('whsec_'.length), 'base64');
      const signature = createHmac('sha256', key).update(signed).digest('base64');
      expect(headers['webhook-signature']).toBe(`v1,${signature}`);
      expect(JSON.parse(body)).toMatchObject({ type: 'alert.raised', data: { code: 'all_unreachable' } });
    }
    expect(new Set(seen.map(({ headers }) => headers['webhook-signature'])).size).toBe(2);
    expect((await call('POST', `/deliveries/${delivery.id}/replay`)).status).toBe(200);
    expect((await call('POST', `/webhooks/${id}/test`)).status).toBe(201);
    await eventually('both came', () => seen.length === 4);
    expect((await call('DELETE', `/webhooks/${id}`)).status).toBe(204);
    expect((await call('GET', `/webhooks/${id}`)).status).toBe(404);
    tokens.push(secret, 'canary-Hook-4711');
  } finally {
    await other.stop();
    receiver.close();
  }
});

test('without a mail server mails become files that only their owner can read, and the answer says so', async () => {
  await cloud.stop();
  cloud = await start({ ALFA_SMTP_URL: '' });
  call = createCaller(cloud.url, password);
  const clientId = await addClient('file');
  const { status, result } = await act(call, 'POST', `/clients/${clientId}/send_success`);
  expect([status, result?.['transport']]).toEqual(['ok', 'file']);
  const directory = join(String(env['ALFA_DATA_DIR']), 'outbox');
  // A mail that was deferred before may have become due meanwhile.
  expect(await readdir(directory)).toContain(result?.['answer']);
  const file = join(directory, String(result?.['answer']));
  expect((await stat(file)).mode & 0o077).toBe(0);
  expect(await readFile(file, 'utf8')).toMatch(/^To: .*<file@lab\.test>/m);
});

test('no password passed through NATS or stands in an event, nor does an address in what is told of a mail', async () => {
  expect(traffic.length).toBeGreaterThan(100);
  const secrets = [ownerPassword, ...tokens];
  const tells = (text: string) => secrets.some((secret) => text.includes(secret));
  expect(secrets.length).toBeGreaterThan(1);
  expect(traffic.filter(tells)).toEqual([]);
  const client = EventStoreDBClient.connectionString(String(env['ESDB_URL']));
  const stored: string[] = [];
  for await (const { event } of client.readAll()) stored.push(JSON.stringify([event?.data, event?.metadata]));
  await client.dispose();
  const mailsStored = stored.filter((text) => text.includes('mailId'));
  expect(mailsStored.length).toBeGreaterThan(20);
  expect(stored.filter(tells)).toEqual([]);
  expect(mailsStored.filter((text) => text.includes('@lab.test'))).toEqual([]);
});
