import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@alfa-cloud/testing';
import { startDovecot, startPostfix, type Postfix } from '@alfa-cloud/testing/mail';
import { createAlfaCloud } from '../src/alfa-cloud.ts';
import { readAlfaCloudConfig } from '../src/config.ts';
import { act, createCaller, type Caller } from './support/caller.ts';
import { ownerPassword, password, startMailWorld, type MailWorld } from './support/mail-world.ts';

const mailboxPassword = 'Mailbox-Secret-1';

const cleanup: (() => Promise<unknown>)[] = [];
let world: MailWorld;
let postfix: Postfix;
let call: Caller;

beforeAll(async () => {
  world = await startMailWorld();
  cleanup.unshift(() => world.dispose());
  postfix = await startPostfix({ addresses: ['one@lab.test', 'bounces@alfa.test'] });
  cleanup.unshift(async () => postfix[Symbol.asyncDispose]());
  const dovecot = await startDovecot(postfix, { password: mailboxPassword });
  cleanup.unshift(async () => dovecot[Symbol.asyncDispose]());
  const cloud = createAlfaCloud(
    readAlfaCloudConfig({
      ...world.env,
      ALFA_SMTP_URL: `smtp://127.0.0.1:${postfix.port}`,
      ALFA_SMTP_STARTTLS: 'required',
      ALFA_SMTP_CA_FILE: postfix.caFile,
      ALFA_BOUNCES_URL: `imaps://bounces%40alfa.test:${mailboxPassword}@127.0.0.1:${dovecot.port}`,
      ALFA_BOUNCES_CA_FILE: postfix.caFile,
      ALFA_BOUNCES_ADDRESS: 'bounces@alfa.test',
      ALFA_BOUNCES_INTERVAL_S: '1',
    }),
  );
  await cloud.start();
  cleanup.unshift(() => cloud.stop());
  call = createCaller(cloud.url, password);
});

afterAll(async () => {
  for (const step of cleanup.splice(0)) await step();
});

test('Postfix takes the mail with the password by STARTTLS and lays it into the mailbox as it was written', async () => {
  const clientId = await world.addClient(call, 'one');
  const sent = await act(call, 'POST', `/clients/${clientId}/send_success`);
  expect(sent).toMatchObject({ status: 'ok', result: { mail: 'sent', transport: 'smtp' } });
  const [mail] = await eventually('the mail lies in the mailbox', async () => {
    const mails = await postfix.delivered('one@lab.test');
    return mails.length > 0 && mails;
  });
  expect(mail?.parsed).toMatchObject({
    subject: 'Ваше облако Alfa готово',
    messageId: sent.result?.['messageId'],
    from: { value: [{ name: 'Alfa Cloud', address: 'cloud@alfa.test' }] },
    to: { value: [{ name: 'Лаборатория one', address: 'one@lab.test' }] },
  });
  for (const text of [mail?.parsed.text, String(mail?.parsed.html)]) {
    for (const part of ['Лаборатория one', 'http://one', 'one@lab.test', ownerPassword])
      expect(text).toContain(part);
  }
  // By an encrypted connection (ESMTPS), and whole: no line was cut and no letter changed on the way.
  expect(mail?.raw).toMatch(/^Received: .*\n?.*with ESMTPS/m);
  expect(mail?.raw).toMatch(/^Return-Path: <bounces@alfa\.test>$/m);
});

test('a mail that comes back stops its address, and what comes back has no password', async () => {
  const clientId = await world.addClient(call, 'nobody');
  const { result } = await act(call, 'POST', `/clients/${clientId}/send_success`);
  expect(result).toMatchObject({ mail: 'sent' });
  const bounced = await eventually('it has come back', async () => {
    const { attributes } = (await call('GET', `/mails/${String(result?.['mailId'])}`)).body.data;
    return attributes.status === 'bounced' && attributes;
  });
  const reason = expect.stringMatching(/^It could not be delivered: 5\.1\.1 unknown user: "<…>"$/);
  expect(bounced.failure).toMatchObject({ code: 'mail_bounced', reason });
  const [returned] = await postfix.delivered('bounces@alfa.test');
  expect(returned?.parsed.attachments.map(({ contentType }) => contentType)).toEqual(['text/rfc822-headers']);
  const next = await act(call, 'POST', `/clients/${clientId}/send_expire`);
  expect(next).toMatchObject({ status: 'error', error: { code: 'address_bounced' } });
  const { body } = await call('GET', `/clients/${clientId}/history`, undefined, { 'accept-language': 'ru' });
  expect(JSON.stringify(body.data)).toContain('не доставлено');
});
