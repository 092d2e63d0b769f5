import { messageInWords } from '@alfa-cloud/contracts';
import { expect, test } from '@jest/globals';
import { smtpFailure, withoutAddresses } from './smtp-failure.ts';

const early = { isDataBegun: false, lateAfterMs: null };
const error = (of: { response?: string; [name: string]: unknown }) =>
  Object.assign(new Error(of.response ?? 'x'), of);

test.each([
  [
    { code: 'EENVELOPE', command: 'RCPT TO', responseCode: 550, response: '550 5.1.1 <a@b.test> unknown' },
    'final',
  ],
  [
    { code: 'EENVELOPE', command: 'RCPT TO', responseCode: 450, response: '450 4.7.1 greylisted' },
    'transient',
  ],
  [{ code: 'EMESSAGE', command: 'DATA', responseCode: 552, response: '552 too large' }, 'final'],
  [{ code: 'EENVELOPE', command: 'MAIL FROM', responseCode: 503, response: '503 sequence' }, 'transient'],
  [{ code: 'EAUTH', command: 'AUTH PLAIN', responseCode: 535, response: '535 5.7.8 no' }, 'outage'],
  [{ code: 'EPROTOCOL', command: 'CONN', responseCode: 554, response: '554 no service' }, 'outage'],
  [{ code: 'ESOCKET', command: 'CONN' }, 'outage'],
  [{ code: 'ETLS', command: 'STARTTLS' }, 'outage'],
] as const)('%j is %s', (of, kind) => {
  expect(smtpFailure(error(of), early).kind).toBe(kind);
});

test('what a server says is told without addresses and control characters', () => {
  const answer = '550 5.1.1 <anna@bücher.test>:\r\n user unknown (anna@lab.test)';
  expect(withoutAddresses(answer)).toBe('550 5.1.1 <…>: user unknown (<…>)');
  const { failure } = smtpFailure(
    error({ code: 'EENVELOPE', command: 'RCPT TO', responseCode: 550, response: answer }),
    early,
  );
  expect(messageInWords('ru', failure.words)).toBe(
    'Почтовый сервер ответил: 550 5.1.1 <…>: user unknown (<…>)',
  );
});

test('a long answer is told as quickly as a short one', () => {
  const begin = performance.now();
  expect(withoutAddresses(`${'a'.repeat(60_000)} 550 <anna@lab.test>`)).toBe('a'.repeat(500));
  expect(performance.now() - begin).toBeLessThan(3000);
});

test('once the server may have the mail, every failure counts', () => {
  const cut = error({ code: 'ECONNECTION', command: 'CONN' });
  expect(smtpFailure(cut, { isDataBegun: true, lateAfterMs: null })).toMatchObject({
    kind: 'transient',
    failure: { code: 'mail_cut_off' },
  });
  expect(smtpFailure(cut, { isDataBegun: true, lateAfterMs: 1000 }).kind).toBe('transient');
  expect(smtpFailure(cut, { isDataBegun: false, lateAfterMs: 1000 }).kind).toBe('outage');
});
