import { expect, test } from '@jest/globals';
import { readNotifierConfig } from './config.ts';

const engines = { NATS_URL: 'nats://n', ESDB_URL: 'esdb://e', ALFA_MASTER_KEY_FILE: 'k' };
const read = (env: Record<string, string> = {}) => readNotifierConfig({ ...engines, ...env });

test('without a mail server mails go to the outbox of the data directory', () => {
  expect(read({ ALFA_DATA_DIR: '/var/alfa' })).toMatchObject({
    smtp: null,
    outboxDirectory: '/var/alfa/outbox',
  });
});

test.each([
  ['smtp://mail.test', 'auto', { port: 25, encryption: 'opportunistic' }],
  [
    'smtp://u:p%40ss@mail.test:587',
    'auto',
    { port: 587, encryption: 'required', user: 'u', password: 'p@ss' },
  ],
  ['smtp://u:p@mail.test', 'off', { encryption: 'off' }],
  ['smtp://mail.test', 'required', { encryption: 'required' }],
  ['smtps://mail.test', 'auto', { port: 465, encryption: 'tls' }],
])('%s with STARTTLS %s', (url, startTls, expected) => {
  expect(read({ ALFA_SMTP_URL: url, ALFA_SMTP_STARTTLS: startTls }).smtp).toMatchObject(expected);
});

test('the sender is an address with or without a name', () => {
  expect(read({ ALFA_MAIL_FROM: '"Alfa, Cloud" <a@bücher.test>' }).sender.from).toEqual({
    name: 'Alfa, Cloud',
    address: 'a@bücher.test',
  });
  expect(read({ ALFA_MAIL_FROM: 'a@b.test' }).sender.from).toEqual({ name: '', address: 'a@b.test' });
});

test.each([
  [
    'imaps://u%40a.test:p%40ss@mail.test',
    { tls: true, port: 993, folder: 'INBOX', user: 'u@a.test', password: 'p@ss' },
  ],
  ['imap://u:p@mail.test:1143/Returned%20mail', { tls: false, port: 1143, folder: 'Returned mail' }],
])('returned mail is looked for at %s', (url, expected) => {
  expect(read().bounces).toBeNull();
  expect(read({ ALFA_BOUNCES_URL: url }).bounces).toMatchObject({ everyMs: 60_000, ...expected });
});

test.each([
  'pop3://u:Secret-1@mail.test',
  'imaps://mail.test',
  'imaps://u@mail.test',
  'imaps://u:Secret-1%@mail.test',
])('a mailbox for returned mail like %s is refused, without its password', (url) => {
  const faulty = () => read({ ALFA_BOUNCES_URL: url, ALFA_BOUNCES_ADDRESS: 'x' });
  expect(faulty).toThrow(/BOUNCES_ADDRESS must be[^]*ALFA_BOUNCES_URL/);
  expect(faulty).not.toThrow(/Secret/);
});

test('mails come back to the sender, or to the address that is named', () => {
  expect(read().sender.returnPath).toBe('');
  expect(read({ ALFA_BOUNCES_ADDRESS: 'b@bücher.test' }).sender.returnPath).toBe('b@xn--bcher-kva.test');
});

test('passwords stand in the mails, or links that need an address', () => {
  expect(read().passwords).toEqual({ kind: 'mail' });
  const link = { ALFA_MAIL_PASSWORDS: 'link', ALFA_PUBLIC_URL: 'https://cloud.test/alfa/' };
  const week = 7 * 86_400_000;
  expect(read(link).passwords).toEqual({
    kind: 'link',
    publicUrl: 'https://cloud.test/alfa',
    lifetimeMs: week,
  });
  expect(() => read({ ALFA_MAIL_PASSWORDS: 'link' })).toThrow(/needs ALFA_PUBLIC_URL/);
  expect(() => read({ ...link, ALFA_PUBLIC_URL: 'ftp://x' })).toThrow(/ALFA_PUBLIC_URL must be/);
  expect(() => read({ ...link, ALFA_MAIL_PASSWORDS: 'none' })).toThrow(/must be mail or link/);
});

test('all faults are told at once, without a password', () => {
  const faulty = () =>
    read({
      ALFA_SMTP_URL: 'http://u:Secret-1@mail.test',
      ALFA_MAIL_FROM: 'nobody',
      ALFA_DKIM_DOMAIN: 'a.test',
      ALFA_EXPIRE_MAIL_AT: '9:00',
      ALFA_EXPIRE_MAIL_DAYS: '30,x',
      ALFA_TIME_ZONE: 'Mars/Base',
      ALFA_SMTP_STARTTLS: 'maybe',
    });
  expect(faulty).toThrow(
    /DKIM[^]*SMTP_STARTTLS[^]*SMTP_URL must be[^]*MAIL_FROM[^]*TIME_ZONE[^]*MAIL_AT[^]*MAIL_DAYS/,
  );
  expect(faulty).not.toThrow(/Secret/);
});
