import { expect, test } from '@jest/globals';
import {
  deriveId,
  message,
  newId,
  streams,
  type AlfaEvent,
  type NoticeEvent,
  type NoticeType,
  type RecordedHealth,
} from '@alfa-cloud/contracts';
import { fold, type RecordedEvent } from '@alfa-cloud/event-sourcing';
import { querySenderOf } from '@alfa-cloud/messaging/testing';
import { ownCause } from '@alfa-cloud/operations';
import { createRig, type Rig } from '../testing/rig.ts';
import type { MailTransport } from '../transport/mail-transport.ts';
import { mailChannel, mailRecipientId } from './channels.ts';
import { settleMs, toldBy } from './causes.ts';
import { decideOnNotice, deliverNotice, type DeliverNoticeDeps } from './deliver-notice.ts';
import { noticeDecider, type NoticeData } from './notice.ts';
import { NoticeFailure } from './notice-failure.ts';
import { noticeMail } from './notice-mail.ts';
import { sendNotices } from './send-notices.ts';
import { requestNotices } from './request-notices.ts';

const begin = Date.parse('2026-11-26T12:00:00.000Z');
const hourMs = 3_600_000;
const serverId = deriveId('test server');
const webhookId = deriveId('test webhook');
const { signal } = new AbortController();

/** A webhook for alerts and health, an address for all; `send` is the receiver. */
const world = async (send: (notice: NoticeData) => Promise<string> = async () => '200') => {
  const rig = createRig();
  rig.setTime(begin);
  await rig.happens(streams.webhooks, {
    type: 'WebhookSet',
    data: {
      webhookId,
      url: 'https://hooks.test/',
      events: ['alert.raised', 'server.degraded', 'server.recovered'],
      active: true,
      secret: 'v1.x',
    },
  });
  const sent: NoticeData[] = [];
  const channel = {
    deadlineMs: 10_000,
    async send(notice: NoticeData) {
      const answer = await send(notice);
      sent.push(notice);
      return answer;
    },
  };
  const deps: DeliverNoticeDeps = { ...rig, channels: { webhook: channel, mail: channel } };
  const config = {
    emails: ['admin@alfa.test'],
    events: ['backup.failed', 'bulk.failed', 'mail.given_up'] as NoticeType[],
  };
  let followed = 0;
  /** What the notifier does when it has been told of everything that happened; `again`: as another replica. */
  const follow = async (again = false) => {
    const all = rig.store.all();
    for (const event of all.slice(again ? 0 : followed)) await requestNotices({ ...rig, config }, event);
    followed = all.length;
  };
  const requested = () =>
    rig.store.all().flatMap((event) => (event.type === 'NoticeRequested' ? [event.data] : []));
  const deliver = async () => {
    for (const { noticeId } of requested()) await deliverNotice(deps, noticeId, signal);
  };
  return { rig, deps, sent, follow, requested, deliver };
};

const alertId = newId();
const raised: AlfaEvent = {
  type: 'ServerAlertRaised',
  data: {
    serverId,
    alertId,
    code: 'disk',
    about: '/srv',
    since: '2026-11-26T11:58:00.000Z',
    reason: '/srv is full',
  },
};
const health = (rig: Rig, now: number, state: RecordedHealth) => {
  rig.setTime(now);
  const reasons = state === 'ok' ? [] : [{ code: 'proxy', detail: 'The proxy is stopped' }];
  const checkedAt = new Date(now).toISOString();
  return rig.happens(streams.server(serverId), {
    type: 'ServerHealthChanged',
    data: { serverId, health: state, reasons, checkedAt },
  });
};
const stateOf = (rig: Rig, id: string) =>
  fold(noticeDecider, rig.store.all().filter(({ stream }) => stream === streams.notice(id)) as never);

test('an alert is told to each receiver that asks for it, once, however often its event comes', async () => {
  const { rig, sent, follow, deliver } = await world();
  await rig.happens(streams.server(serverId), raised);
  await follow();
  await follow(true);
  await deliver();
  await deliver();
  expect(sent).toMatchObject([
    {
      type: 'alert.raised',
      recipient: { kind: 'webhook', id: webhookId },
      data: { code: 'disk', alertId, about: '/srv', title: 'Disk almost full', reason: '/srv is full' },
    },
  ]);
});

test('a failed backup and a mail given up go to the address, other failed operations to nobody', async () => {
  const { rig, sent, follow, deliver } = await world();
  const cause = { code: 'disk_full', reason: 'The disk is full' };
  for (const kind of ['client.back_up', 'client.reboot', 'clients.migrate'] as const) {
    const operationId = deriveId('operation', kind);
    const target = { type: 'client', id: newId() } as const;
    await rig.happens(
      streams.operation(operationId),
      { type: 'OperationAccepted', data: { operationId, kind, target, steps: [], parentId: null } },
      {
        type: 'OperationFailed',
        data: { operationId, cause: { ...cause, step: null }, leftovers: [] },
      },
    );
  }
  const mailId = newId();
  const givenUp = {
    mailId,
    clientId: newId(),
    template: 'expire',
    code: 'mail_refused',
    reason: 'No',
  } as const;
  await rig.happens(streams.mail(mailId), { type: 'MailGivenUp', data: givenUp });
  await follow();
  await deliver();
  expect(sent.map(({ type, recipient }) => [type, recipient.id])).toEqual(
    ['backup.failed', 'bulk.failed', 'mail.given_up'].map((type) => [
      type,
      mailRecipientId('admin@alfa.test'),
    ]),
  );
});

test('a server that is well again within a minute is told of to nobody', async () => {
  const { rig, sent, follow, deliver, requested } = await world();
  await health(rig, begin, 'degraded');
  await follow();
  await health(rig, begin + settleMs - 1000, 'ok');
  await follow();
  rig.setTime(begin + settleMs);
  await deliver();
  expect(sent).toEqual([]);
  expect(requested().map(({ type }) => type)).toEqual(['server.degraded']);
  expect(stateOf(rig, requested()[0]?.noticeId ?? '').status).toBe('failed');
});

test('what was not told since the server was well again is sent when it is asked for', async () => {
  const { rig, sent, follow, deliver, requested } = await world();
  await health(rig, begin, 'degraded');
  await follow();
  await health(rig, begin + 1000, 'ok');
  rig.setTime(begin + settleMs);
  await deliver();
  expect(sent).toEqual([]);
  const noticeId = requested()[0]?.noticeId ?? '';
  const command = { type: 'replay', now: new Date() } as const;
  await decideOnNotice(rig.store, { noticeId, cause: ownCause(), command });
  await deliver();
  expect(sent).toMatchObject([{ noticeId, type: 'server.degraded' }]);
});

test('one that stays ill is told of once, after a minute, and when it is well', async () => {
  const { rig, sent, follow, deliver } = await world();
  await health(rig, begin, 'degraded');
  await follow();
  await deliver();
  expect(sent).toEqual([]);
  await health(rig, begin + 30_000, 'down');
  await follow();
  rig.setTime(begin + settleMs);
  await deliver();
  expect(sent).toMatchObject([{ type: 'server.degraded', data: { health: 'degraded', serverId } }]);
  await health(rig, begin + hourMs, 'ok');
  await follow();
  await deliver();
  expect(sent.map(({ type }) => type)).toEqual(['server.degraded', 'server.recovered']);
});

test('what is older than a day is not told any more', async () => {
  const { rig, follow, requested } = await world();
  await rig.happens(streams.server(serverId), raised);
  rig.setTime(begin + 25 * hourMs);
  await follow();
  expect(requested()).toEqual([]);
});

test('a receiver that is away is tried for more than a day, then given up; a replay begins anew', async () => {
  let isAway = true;
  const { rig, sent, follow, requested, deliver } = await world(async () => {
    if (isAway) throw new NoticeFailure('transient', 'webhook_unreachable', message`Away`);
    return '204';
  });
  await rig.happens(streams.server(serverId), raised);
  await follow();
  const id = requested()[0]?.noticeId ?? '';
  let attempts = 0;
  for (let now = begin; now < begin + 40 * hourMs; now += 60_000) {
    rig.setTime(now);
    await deliver();
    const state = stateOf(rig, id);
    attempts = state.status === 'absent' ? 0 : state.attempts;
    if (state.status === 'failed') {
      expect(now - begin).toBeGreaterThan(24 * hourMs);
      break;
    }
  }
  expect([attempts, stateOf(rig, id).status]).toEqual([11, 'failed']);
  isAway = false;
  const command = { type: 'replay', now: new Date() } as const;
  await decideOnNotice(rig.store, { noticeId: id, cause: ownCause(), command });
  await deliver();
  expect(sent.map(({ noticeId }) => noticeId)).toEqual([id]);
  expect(stateOf(rig, id)).toMatchObject({ status: 'delivered', attempts: 12 });
});

test('a receiver that fails in a way nobody foresaw is given up as well; while an engine is away nothing is recorded', async () => {
  let failure = Object.assign(new Error('Not a sealed text'), { name: 'SealBroken' });
  const { rig, deps, follow, requested, deliver } = await world(async () => {
    throw failure;
  });
  await rig.happens(streams.server(serverId), raised);
  await follow();
  const id = requested()[0]?.noticeId ?? '';
  await deliver();
  expect(stateOf(rig, id)).toMatchObject({ status: 'waiting', failures: 1 });
  const failed = rig.store.all().find(({ type }) => type === 'NoticeFailed');
  expect(failed).toMatchObject({
    data: { code: 'notice_failed', reason: expect.stringContaining('Not a sealed text') },
  });
  rig.setTime(begin + 5000);
  failure = Object.assign(new Error('Away'), { name: 'MessagingUnavailable' });
  await expect(deliverNotice(deps, id, signal)).rejects.toMatchObject({ name: 'MessagingUnavailable' });
  expect(stateOf(rig, id)).toMatchObject({ status: 'attempting', failures: 1 });
});

test('an alert that only a newer version knows is told of by its code', async () => {
  const { rig } = await world();
  await rig.happens(streams.server(serverId), raised);
  const event = rig.store.all().find(({ type }) => type === 'ServerAlertRaised');
  const newer = { ...event, data: { ...event?.data, code: 'tomorrow' } } as RecordedEvent;
  expect(await toldBy(rig.store, newer)).toMatchObject({ data: { code: 'tomorrow', title: 'tomorrow' } });
});

test('of two workers one hands it over; one that died has it sent once more after its time', async () => {
  const { rig, deps, sent, follow, requested } = await world();
  await rig.happens(streams.server(serverId), raised);
  await follow();
  const id = requested()[0]?.noticeId ?? '';
  await Promise.all([deliverNotice(deps, id, signal), deliverNotice(deps, id, signal)]);
  expect(sent).toHaveLength(1);
  const dead = { ...raised, data: { ...raised.data, alertId: newId() } } as AlfaEvent;
  await rig.happens(streams.server(serverId), dead);
  await follow();
  const other = requested()[1]?.noticeId ?? '';
  const { recipient } = requested()[1] ?? { recipient: { kind: 'webhook', id: webhookId } as const };
  const until = new Date(begin + 40_000).toISOString();
  const attempted: NoticeEvent = {
    type: 'NoticeAttempted',
    data: { noticeId: other, recipient, attempt: 1, until },
  };
  await rig.happens(streams.notice(other), attempted);
  await deliverNotice(deps, other, signal);
  expect(sent).toHaveLength(1);
  rig.setTime(begin + 40_000);
  await deliverNotice(deps, other, signal);
  expect(sent).toHaveLength(2);
});

test('a mail server that keeps silent holds up no webhook', async () => {
  const { rig, deps, sent, follow, requested } = await world();
  await rig.happens(streams.server(serverId), raised);
  await follow();
  const waiting = requested().map(({ noticeId: id, recipient }) => ({ id, recipient }));
  const toMail = { id: newId(), recipient: { kind: 'mail', id: newId() } } as const;
  const queries = querySenderOf({
    ListNotices: async ({ filter }) => {
      const all = [toMail, ...waiting].filter(({ recipient }) => recipient.kind === filter.recipientKind);
      return { result: { items: all, total: all.length } as never };
    },
  });
  await sendNotices({ ...deps, queries }, 'mail', signal);
  expect(sent).toEqual([]);
  await sendNotices({ ...deps, queries }, 'webhook', signal);
  expect(sent).toHaveLength(1);
});

test('a mail that waits for its turn does so no longer than the service runs, and is tried again by the next', async () => {
  const { rig, deps } = await world();
  const address = 'admin@alfa.test';
  const stopping = new AbortController();
  const transport: MailTransport = {
    ...rig.transport,
    async inTurn(work, until) {
      stopping.abort(new Error('The service stops'));
      until.throwIfAborted();
      return work();
    },
  };
  const mail = mailChannel(transport, { ...rig, emails: [address], language: 'en' });
  const noticeId = newId();
  const recipient = { kind: 'mail', id: mailRecipientId(address) } as const;
  const notice = { noticeId, recipient, type: 'test', at: rig.clock().toISOString(), data: {} } as const;
  await decideOnNotice(rig.store, { noticeId, cause: ownCause(), command: { type: 'request', notice } });
  await deliverNotice({ ...deps, channels: { ...deps.channels, mail } }, noticeId, stopping.signal);
  expect(stateOf(rig, noticeId)).toMatchObject({ status: 'waiting', failures: 1 });
});

test('the administrator reads it in the language that is set, without a line that somebody else wrote into a header', () => {
  const notice = {
    type: 'alert.raised',
    at: '2026-11-26T12:00:00.000Z',
    data: {
      code: 'disk',
      server: 'cloud-1\r\nBcc: x@y.test',
      about: '/srv',
      serverId,
      reason: 'The receiver answered 1',
      message: { template: 'The receiver answered {}', values: ['1'] },
    },
  } as const;
  const english = noticeMail(notice, 'en');
  expect(english.subject).toBe('Alfa Cloud: Alert: Disk almost full: cloud-1 Bcc: x@y.test: /srv');
  expect(english.text).toContain('The receiver answered 1');
  const russian = noticeMail({ ...notice, data: { ...notice.data, server: '<b>' } }, 'ru');
  expect(russian.text).toContain('Получатель ответил 1');
  expect(russian.html).toContain('Тревога: Диск почти заполнен: &lt;b&gt;');
});
