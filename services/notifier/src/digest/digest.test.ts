import { expect, test } from '@jest/globals';
import type { ListClients } from '@alfa-cloud/contracts';
import { querySenderOf } from '@alfa-cloud/messaging/testing';
import { noticeMail } from '../notices/notice-mail.ts';
import { createRig } from '../testing/rig.ts';
import { gatherDigest } from './gather-digest.ts';
import { createDigestSchedule, type DigestRules } from './digest-schedule.ts';

const begin = Date.parse('2026-11-26T06:00:00.000Z');
const rules: DigestRules = { emails: ['a@alfa.test', 'b@alfa.test'], at: '08:00', timeZone: 'Europe/Berlin' };

const views = (items: unknown[]) => ({ items, total: items.length }) as never;

/** As the read model sorts and cuts them. */
const clientsOf = (
  { page: { number, size }, sort: [by], filter }: ListClients,
  all: { slug: string; expireDate: string }[],
) => {
  const found = all
    .filter(({ expireDate }) => expireDate < (filter.expiresBefore ?? ''))
    .toSorted((a, b) => a.expireDate.localeCompare(b.expireDate) * (by?.descending === true ? -1 : 1));
  return { items: found.slice((number - 1) * size, number * size), total: found.length } as never;
};

/** Two clients near their end and one over it, one server ill and one unknown, an alert, three operations that failed and an old one. */
const queries = querySenderOf({
  ListServers: async () => ({
    result: views([
      { id: 's1', name: 'cloud-1', health: 'down' },
      { id: 's2', name: 'cloud-2', health: 'unknown' },
    ]),
  }),
  ListAlerts: async () => ({ result: views([{ code: 'disk', serverId: 's1', about: '/srv' }]) }),
  ListClients: async (request) => ({
    result: clientsOf(request, [
      { slug: 'later', expireDate: '2026-12-20' },
      { slug: 'soon', expireDate: '2026-11-27' },
      { slug: 'over', expireDate: '2026-11-01' },
    ]),
  }),
  ListOperations: async () => ({
    result: views([
      { kind: 'client.back_up', finishedAt: '2026-11-26T05:00:00.000Z' },
      { kind: 'client.back_up', finishedAt: '2026-11-26T01:00:00.000Z' },
      { kind: 'client.migrate', finishedAt: '2026-11-25T20:00:00.000Z' },
      { kind: 'client.migrate', finishedAt: '2026-11-20T20:00:00.000Z' },
    ]),
  }),
});

test('of more clients than it lists it names those whose time ends first, whatever number is over it', async () => {
  const clients = (count: number, expireDate: string) =>
    Array.from({ length: count }, (_, index) => ({ slug: `c${index}`, expireDate }));
  const all = [
    ...clients(150, '2026-12-20'),
    ...clients(3, '2026-11-26'),
    ...clients(198, '2026-11-01'),
    ...clients(9, '2027-03-01'),
  ];
  const many = querySenderOf({
    ListServers: async () => ({ result: views([]) }),
    ListAlerts: async () => ({ result: views([]) }),
    ListOperations: async () => ({ result: views([]) }),
    ListClients: async (request) => ({ result: clientsOf(request, all) }),
  });
  const { expiring } = await gatherDigest(many, { day: '2026-11-26', now: new Date(begin) });
  expect(expiring.total).toBe(153);
  expect(expiring.clients.map(({ expireDate }) => expireDate)).toEqual([
    ...Array.from({ length: 3 }, () => '2026-11-26'),
    ...Array.from({ length: 47 }, () => '2026-12-20'),
  ]);
});

const world = (changes: Partial<DigestRules> = {}) => {
  const rig = createRig();
  rig.setTime(begin);
  const replica = () => createDigestSchedule({ ...rig, queries }, { ...rules, ...changes });
  const requested = () =>
    rig.store.all().flatMap((event) => (event.type === 'NoticeRequested' ? [event.data] : []));
  return { rig, replica, requested };
};

test('each address has one a day from its time on, whatever replicas and restarts there are', async () => {
  const { rig, replica, requested } = world();
  const look = replica();
  await look();
  expect(requested()).toEqual([]);
  rig.setTime(begin + 3_600_000);
  await look();
  await look();
  await replica()();
  expect(requested().map(({ type, recipient }) => [type, recipient.kind])).toEqual([
    ['digest', 'mail'],
    ['digest', 'mail'],
  ]);
  rig.setTime(begin + 25 * 3_600_000);
  await look();
  expect(requested()).toHaveLength(4);
});

test.each([{ emails: [] }, { at: null }])('there is none with %j', async (changes) => {
  const { rig, replica, requested } = world(changes);
  rig.setTime(begin + 6 * 3_600_000);
  await replica()();
  expect(requested()).toEqual([]);
});

test('it tells who expires, what is down, which alerts stand and what has failed, in the language that is set', async () => {
  const { rig, replica, requested } = world();
  rig.setTime(begin + 3_600_000);
  await replica()();
  const [notice] = requested();
  if (notice === undefined) throw new Error('There is no digest');
  const english = noticeMail(notice, 'en');
  expect(english.subject).toBe('Alfa Cloud: State of the day 2026-11-26');
  const lines = english.text.split('\n').filter((line) => line !== '');
  expect(lines).toEqual([
    'State of the day 2026-11-26',
    'Time of use ends within 30 days: 2',
    '- 2026-11-27 soon',
    '- 2026-12-20 later',
    'Servers that are not well: 1',
    '- cloud-1: down',
    'Alerts: 1',
    '- Disk almost full, cloud-1, /srv',
    'Operations that failed in the last day: 3',
    expect.stringMatching(/^- .*: 2$/),
    expect.stringMatching(/^- .*: 1$/),
  ]);
  const russian = noticeMail(notice, 'ru');
  expect(russian.subject).toBe('Alfa Cloud: Сводка за день 2026-11-26');
  expect(russian.text).toContain('Диск почти заполнен, cloud-1, /srv');
});
