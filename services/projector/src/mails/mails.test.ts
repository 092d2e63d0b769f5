import { deriveId, mailIdOf, type MailEvent, type Queries } from '@alfa-cloud/contracts';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openStore, type Store } from '../read-models/store.ts';
import { recorded, type PlacedEvent } from '../testing/recorded.ts';
import { clientIdOf, clientStory, serverStory } from '../testing/stories.ts';

const clientId = clientIdOf('lab');
const mailId = deriveId('mail');
const later = '2030-01-01T00:00:00.000Z';

let store: Store;
let told: PlacedEvent[];
beforeEach(() => {
  store = openStore(':memory:', () => new Date(), { fresh: false });
  told = [];
});
afterEach(() => store.close());

const tell = (...events: PlacedEvent[]) => {
  const before = told.length;
  told.push(...events);
  return store.apply(recorded(told).slice(before), new Map());
};
const happens = (...events: MailEvent[]) =>
  tell(...events.map((event) => ({ stream: `mail-${event.data.mailId}`, event })));
const list = (filter: Queries['ListMails']['request']['filter'] = {}) =>
  (
    JSON.parse(
      String(store.answers.ListMails({ page: { number: 1, size: 10 }, filter })),
    ) as Queries['ListMails']['result']
  ).items;

/** A client that is ready. */
const ready = (sendSuccess: boolean) => {
  const story = clientStory({ slug: 'lab', server: 'one', personal: 'v1.client.x' });
  for (const { event } of story) {
    if (event.type === 'ClientCreationRequested') event.data.sendSuccess = sendSuccess;
  }
  tell(...serverStory('one'), ...story);
  return (
    story.flatMap(({ event }) => (event.type === 'ClientCreated' ? [event.data.operationId] : []))[0] ?? ''
  );
};
const ids = { mailId, clientId };
const requested: MailEvent = {
  type: 'MailRequested',
  data: {
    ...ids,
    template: 'expire',
    origin: 'schedule',
    warning: { expireDate: '2027-01-31', thresholdDays: 7 },
  },
};
const attempted: MailEvent = {
  type: 'MailAttempted',
  data: { ...ids, attempt: 1, until: '2029-01-01T00:01:30.000Z', messageId: '<a@b>' },
};
const failed: MailEvent = {
  type: 'MailFailed',
  data: {
    ...ids,
    attempt: 1,
    code: 'mail_refused',
    reason: 'The mail server answered: 450',
    nextAttemptAt: '2029-01-01T00:02:00.000Z',
    outage: false,
  },
};
const sent: MailEvent = {
  type: 'MailSent',
  data: { ...ids, template: 'expire', attempt: 2, messageId: '<a@b>', transport: 'smtp', answer: '250 ok' },
};

test('a mail is followed from its request to its end, and due in between', () => {
  ready(false);
  happens(requested);
  expect(list({ dueBy: later })).toMatchObject([{ id: mailId, status: 'waiting', attempts: 0 }]);
  happens(attempted);
  expect(list({ dueBy: '2029-01-01T00:01:00.000Z' })).toEqual([]);
  expect(list({ dueBy: later })).toMatchObject([{ status: 'sending', attempts: 1 }]);
  happens(failed);
  expect(list({ clientId })).toMatchObject([
    { status: 'waiting', failure: { code: 'mail_refused' }, dueAt: '2029-01-01T00:02:00.000Z' },
  ]);
  happens(sent);
  expect(list({ dueBy: later })).toEqual([]);
  expect(list({ status: 'sent', template: 'expire', origin: 'schedule' })).toMatchObject([
    { messageId: '<a@b>', answer: '250 ok', failure: null, warning: { thresholdDays: 7 } },
  ]);
  const { items } = JSON.parse(
    String(store.answers.ListHistory({ page: { number: 1, size: 1 }, filter: { targetId: clientId } })),
  ) as Queries['ListHistory']['result'];
  expect(items[0]?.summary).toBe('Mail about the end of use handed over to the mail server');
});

test('a password shown by a link stands in the history of its client, its issue does not', () => {
  ready(false);
  const stream = `passwordlink-${'0'.repeat(64)}`;
  const issued = { ...ids, expiresAt: later, passwordRevision: 0 };
  tell({ stream, event: { type: 'PasswordLinkIssued', data: issued } });
  tell({ stream, event: { type: 'PasswordLinkOpened', data: ids } });
  const { items } = JSON.parse(
    String(store.answers.ListHistory({ page: { number: 1, size: 2 }, filter: { targetId: clientId } })),
  ) as Queries['ListHistory']['result'];
  expect(items[0]?.summary).toBe('Password shown by the one-time link of a mail');
  expect(items[1]?.kind).not.toBe('PasswordLinkIssued');
});

test('a mail that a client was created with is due for the notifier, and shown to nobody before it is requested', () => {
  const operationId = ready(true);
  const id = mailIdOf(clientId, 'success', operationId);
  expect(list()).toEqual([]);
  expect(list({ dueBy: later })).toEqual([]);
  expect(list({ dueBy: later, createdSince: later })).toEqual([]);
  expect(list({ dueBy: later, createdSince: '2020-01-01T00:00:00.000Z' })).toMatchObject([
    { id, template: 'success', origin: 'creation', attempts: 0 },
  ]);
  happens({ type: 'MailRequested', data: { mailId: id, clientId, template: 'success', origin: 'creation' } });
  expect(list()).toMatchObject([{ id, status: 'waiting' }]);
});

test('no mail is due by itself for a client without it, nor for a deleted one', () => {
  const createdSince = '2020-01-01T00:00:00.000Z';
  ready(false);
  expect(list({ dueBy: later, createdSince })).toEqual([]);
});

test('a deleted client has no wanted mail any more', () => {
  const operationId = ready(true);
  tell({ stream: `client-${clientId}`, event: { type: 'ClientDeleted', data: { clientId, operationId } } });
  expect(list({ dueBy: later, createdSince: '2020-01-01T00:00:00.000Z' })).toEqual([]);
});
