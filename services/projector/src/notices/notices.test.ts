import { deriveId, type NoticeEvent, type Queries } from '@alfa-cloud/contracts';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openStore, type Store } from '../read-models/store.ts';
import { recorded, type PlacedEvent } from '../testing/recorded.ts';

const noticeId = deriveId('notice');
const recipient = { kind: 'webhook', id: deriveId('webhook') } as const;
const known = { noticeId, recipient };
const [soon, later] = ['2029-01-01T00:00:00.000Z', '2030-01-01T00:00:00.000Z'];

let store: Store;
let told: PlacedEvent[];
beforeEach(() => {
  store = openStore(':memory:', () => new Date(), { fresh: false });
  told = [];
});
afterEach(() => store.close());

const happens = (event: NoticeEvent) => {
  const before = told.length;
  told.push({ stream: `notice-${noticeId}`, event });
  store.apply(recorded(told).slice(before), new Map());
};
const list = (filter: Queries['ListNotices']['request']['filter'] = {}) =>
  (
    JSON.parse(
      String(store.answers.ListNotices({ page: { number: 1, size: 10 }, filter })),
    ) as Queries['ListNotices']['result']
  ).items;

test('a notice is followed from its request to its end, and due in between', () => {
  const requested = {
    ...known,
    type: 'server.degraded',
    at: soon,
    data: { health: 'down' },
    notBefore: soon,
  } as const;
  happens({ type: 'NoticeRequested', data: requested });
  expect(list({ dueBy: '2028-12-31T00:00:00.000Z' })).toEqual([]);
  expect(list({ dueBy: soon })).toMatchObject([
    { id: noticeId, status: 'waiting', attempts: 0, data: { health: 'down' } },
  ]);
  happens({ type: 'NoticeAttempted', data: { ...known, attempt: 1, until: later } });
  expect(list({ dueBy: soon })).toEqual([]);
  const failed = { ...known, attempt: 1, code: 'webhook_refused', reason: 'No', nextAttemptAt: later };
  happens({ type: 'NoticeFailed', data: failed });
  expect(list({ recipientId: recipient.id })).toMatchObject([
    { status: 'waiting', failure: { code: 'webhook_refused' }, dueAt: later },
  ]);
  happens({ type: 'NoticeGivenUp', data: { ...known, code: 'webhook_gone', reason: 'Gone' } });
  expect(list({ status: 'failed' })).toMatchObject([{ dueAt: null }]);
  happens({ type: 'NoticeReplayRequested', data: known });
  expect(list({ dueBy: later, recipientKind: 'webhook' })).toHaveLength(1);
  expect(list({ dueBy: later, recipientKind: 'mail' })).toEqual([]);
  happens({ type: 'NoticeDelivered', data: { ...known, attempt: 2, answer: '204' } });
  expect(JSON.parse(String(store.answers.GetNotice({ id: noticeId })))).toMatchObject({
    status: 'delivered',
    answer: '204',
    failure: null,
    deliveredAt: expect.any(String),
  });
  expect(list({ recipientId: deriveId('other') })).toEqual([]);
  expect(() => store.answers.GetNotice({ id: deriveId('other') })).toThrow('no such delivery');
});
