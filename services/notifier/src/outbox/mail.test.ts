import { deriveId, isRejection, type MailEvent } from '@alfa-cloud/contracts';
import { expect, test } from '@jest/globals';
import { mailDecider, type MailCommand } from './mail.ts';
import { pauseAfterMs } from './pauses.ts';

const mailId = deriveId('mail');
const clientId = deriveId('client');
const request = { mailId, clientId, template: 'success', origin: 'request' } as const;
const hourMs = 3_600_000;
const start = Date.parse('2026-11-26T12:00:00Z');
const at = (hours: number) => new Date(start + hours * hourMs);
const cause = { code: 'mail_refused', words: { template: 'Later', values: [] } };

const after = (events: readonly MailEvent[]) =>
  events.reduce((state, event) => mailDecider.evolve(state, event), mailDecider.initialState());
const decide = (events: readonly MailEvent[], command: MailCommand) =>
  mailDecider.decide(command, after(events));
const claim = (hours: number): MailCommand => ({
  type: 'claim',
  now: at(hours),
  leaseMs: 60_000,
  messageId: '<a@b>',
  emailRevision: 0,
});
const failure = (hours: number, kind: 'final' | 'transient' | 'outage', attempt = 1): MailCommand => ({
  type: 'record_failure',
  now: at(hours),
  attempt,
  kind,
  cause,
});
const requested = mailDecider.decide({ type: 'request', request }, mailDecider.initialState());
const attempted = [...requested, ...decide(requested, claim(0))];

test('the same cause asks for one mail, and two workers do not have it in hand at the same time', () => {
  expect(decide(requested, { type: 'request', request })).toEqual([]);
  expect(decide(attempted, claim(0))).toEqual([]);
  expect(decide(attempted, claim(1))).toMatchObject([{ data: { attempt: 2, messageId: '<a@b>' } }]);
});

test('the Message-ID of the first attempt stays', () => {
  const next = { ...claim(1), messageId: '<other@b>' } as MailCommand;
  expect(decide(attempted, next)).toMatchObject([{ data: { messageId: '<a@b>' } }]);
});

/** Fails again and again as soon as it may; answers for how many hours. */
const failing = (kind: 'transient' | 'outage', hoursMax: number): { hours: number; events: MailEvent[] } => {
  let events = requested;
  for (let hours = 0; hours < hoursMax;) {
    events = [...events, ...decide(events, claim(hours))];
    const state = after(events);
    if (state.status !== 'attempting') throw new Error(`It is ${state.status}`);
    const [failed] = decide(events, failure(hours, kind, state.mail.attempts));
    if (failed === undefined) throw new Error('Nothing was recorded');
    events = [...events, failed];
    if (failed.type !== 'MailFailed') return { hours, events };
    hours = (Date.parse(failed.data.nextAttemptAt) - start) / hourMs;
  }
  return { hours: hoursMax, events };
};

test('what fails for a while is tried for 48 hours, ever more rarely, and then given up with its reason', () => {
  const { hours, events } = failing('transient', 1000);
  expect(hours).toBeGreaterThanOrEqual(48);
  expect(hours).toBeLessThan(50);
  expect(events.length).toBeLessThan(140);
  expect(events.at(-1)).toMatchObject({
    type: 'MailGivenUp',
    data: { code: 'mail_refused', reason: 'Later' },
  });
  expect(decide(events, claim(60))).toEqual([]);
});

test('a mail server that is away does not use up the time of a mail', () => {
  const { events } = failing('outage', 7 * 24);
  expect(events.at(-1)).toMatchObject({ type: 'MailFailed', data: { outage: true } });
  expect(events.at(-1)?.data).not.toHaveProperty('countedSince');
});

test('what is refused for good is given up at once, and can be asked for again', () => {
  const refused = [...attempted, ...decide(attempted, failure(0, 'final'))];
  expect(after(refused)).toMatchObject({ status: 'failed', failure: { code: 'mail_refused' } });
  const operationId = deriveId('operation');
  const again = [...refused, ...decide(refused, { type: 'retry', operationId, now: at(0) })];
  expect(decide(again, claim(0))).toMatchObject([{ data: { attempt: 2, messageId: '<a@b>', operationId } }]);
});

test('a worker that was believed dead can tell that it has sent, but not that it has failed', () => {
  const taken = [...attempted, ...decide(attempted, claim(1))];
  expect(decide(taken, failure(1, 'final', 1))).toEqual([]);
  const sent = { attempt: 1, transport: 'smtp', answer: '250 ok' } as const;
  expect(decide(taken, { type: 'record_sent', sent })).toMatchObject([{ type: 'MailSent', data: sent }]);
});

test('what was sent is neither claimed nor sent again', () => {
  const sent = { attempt: 1, transport: 'smtp', answer: '250 ok' } as const;
  const done = [...attempted, ...decide(attempted, { type: 'record_sent', sent })];
  expect(decide(done, claim(100))).toEqual([]);
  expect(decide(done, { type: 'record_sent', sent })).toEqual([]);
  const codeOf = (events: readonly MailEvent[]) => {
    try {
      return decide(events, { type: 'retry', operationId: deriveId('o'), now: at(0) });
    } catch (error) {
      return isRejection(error) ? error.faults[0]?.code : error;
    }
  };
  expect([codeOf(done), codeOf(attempted), codeOf([])]).toEqual(['mail_sent', 'mail_in_hand', 'not_found']);
});

test('pauses grow up to a limit', () => {
  expect([1, 2, 3, 7, 20].map((n) => pauseAfterMs(n, false) / 60_000)).toEqual([1, 2, 4, 60, 60]);
  expect(pauseAfterMs(20, true) / 60_000).toBe(5);
});
