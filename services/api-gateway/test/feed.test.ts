import { setTimeout } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { type Change, type ChangesView, deriveId, reject, subjects } from '@alfa-cloud/contracts';

import { follow, type StreamEvent } from './event-stream.ts';
import { clientId, codesOf, gatewaysOfTest, serverId } from './support.ts';

const start = gatewaysOfTest();
const path = '/events/stream';

const change = (type: Change['type'], name: string, about: Partial<Change> = {}): Change => ({
  type,
  id: deriveId('feed', name),
  clientId: null,
  serverId: null,
  removed: false,
  ...about,
});

/** Read models that a test changes, read in small pages. */
const startFeed = async (config: Parameters<typeof start>[0] = {}) => {
  const changes: Change[] = [];
  let away = false;
  let answersAfterMs = 0;
  const pageSize = 2;
  const list = async ({ after }: { after: string | null }): Promise<{ result: ChangesView }> => {
    if (away) throw reject('unavailable', 'away');
    if (answersAfterMs > 0) await setTimeout(answersAfterMs);
    const end = `feedfeed-${changes.length}`;
    if (after === null) return { result: { cursor: end, reset: null, changes: [], more: false } };
    const from = Number(after.split('-')[1]);
    if (!after.startsWith('feedfeed')) {
      return { result: { cursor: end, reset: 'unknown_cursor', changes: [], more: false } };
    }
    const page = changes.slice(from, from + pageSize);
    const cursor = `feedfeed-${from + page.length}`;
    return { result: { cursor, reset: null, changes: page, more: from + page.length < changes.length } };
  };
  const gateway = await start({ ...config, queries: { ListChanges: list } });
  return {
    gateway,
    url: gateway.url + path,
    asked: () => gateway.asked.filter(({ name }) => name === 'ListChanges').length,
    write: (...more: Change[]): void => {
      changes.push(...more);
      gateway.feed.publish(subjects.changed, { position: String(changes.length) });
    },
    slowDown: (ms: number): void => {
      answersAfterMs = ms;
    },
    goAway: (): void => {
      away = true;
    },
  };
};

const told = (events: StreamEvent[]): unknown[] =>
  events.flatMap(({ data }) => ((data['changes'] ?? []) as Change[]).map(({ id }) => id));

test('a reader begins at now, is told what changes, and comes back where it was cut off', async () => {
  const { url, write } = await startFeed();
  const all = Array.from({ length: 12 }, (_, n) => change('clients', `c${n}`));
  write(change('clients', 'before'));
  const opened = await follow(url, { count: 1 });
  expect(opened).toEqual([{ name: 'open', id: 'feedfeed-1', data: { resumed: false, heartbeatMs: 2000 } }]);
  const read: StreamEvent[] = [...opened];
  for (const part of [all.slice(0, 5), all.slice(5, 6), all.slice(6)]) {
    write(...part);
    // The first of them is `open`, with the cursor that it came with; the second is cut off after one page.
    const events = await follow(url, { lastEventId: read.at(-1)?.id ?? '', count: 2 });
    expect(events[0]).toMatchObject({ name: 'open', id: read.at(-1)?.id, data: { resumed: true } });
    read.push(...events);
  }
  const last = read.at(-1)?.id ?? '';
  const pagesLeft = Math.ceil((all.length - told(read).length) / 2);
  read.push(...(await follow(url, { lastEventId: last, count: 1 + pagesLeft })));
  expect(told(read)).toEqual(all.map(({ id }) => id));
});

test('a change reaches all readers at once, and all of them cost one query', async () => {
  const { url, write, asked, slowDown } = await startFeed();
  const reader = () => {
    const open = Promise.withResolvers<void>();
    return { open: open.promise, events: follow(url, { count: 2, onEvent: () => open.resolve() }) };
  };
  const readers = Array.from({ length: 6 }, reader);
  await Promise.all(readers.map(({ open }) => open));
  slowDown(400);
  const before = asked();
  write(change('servers', 's'));
  for (const { events } of readers) expect(told(await events)).toEqual([deriveId('feed', 's')]);
  expect(asked() - before).toBeLessThan(readers.length);
});

test('filters narrow what is told, and the cursor moves on all the same', async () => {
  const { gateway, url, write } = await startFeed();
  const { cursor } = (await gateway.send(path)).json.meta as ChangesView;
  const own = [
    change('clients', 'own', { id: clientId, serverId }),
    change('operations', 'of own', { clientId }),
  ];
  const server = change('servers', 'server', { id: serverId });
  write(...own, change('clients', 'other'), change('mails', 'mail', { clientId }), server);
  const narrowed = async (query: string): Promise<unknown[]> => {
    const found: unknown[] = [];
    for (let after = cursor, more = true; more;) {
      const { meta } = (await gateway.send(`${path}?${query}&page[after]=${after}`)).json;
      ({ cursor: after, more } = meta);
      found.push(...(meta as ChangesView).changes.map(({ type }) => type));
    }
    return found;
  };
  expect(await narrowed('types=clients,operations')).toEqual(['clients', 'operations', 'clients']);
  expect(await narrowed(`clientId=${clientId}`)).toEqual(['clients', 'operations', 'mails']);
  expect(await narrowed(`serverId=${serverId}`)).toEqual(['clients', 'servers']);
  expect(await narrowed(`types=clients&serverId=${serverId}`)).toEqual(['clients']);
  // Nothing of it is told, so the sign of life carries the cursor.
  const events = await follow(`${url}?types=alerts`, { lastEventId: cursor, heartbeats: 1 });
  expect(events.map(({ name, id }) => [name, id])).toEqual([
    ['open', cursor],
    ['', 'feedfeed-5'],
  ]);
});

test('what still holds is told without being a change', async () => {
  const { gateway, url } = await startFeed();
  const checkedAt = '2026-11-22T18:00:00.000Z';
  const events = await follow(`${url}?types=clients`, {
    count: 2,
    onEvent: () => {
      gateway.feed.publish(subjects.availability, { serverId, checkedAt, clients: [] });
      gateway.feed.publish(subjects.serverHealth, { serverId, checkedAt, health: 'ok' });
    },
  });
  expect(events[1]).toMatchObject({
    name: 'observed',
    data: { observed: [{ serverId, attribute: 'availableCheckedAt', at: checkedAt }] },
  });
});

test('a cursor that says nothing here is told by reset, and what follows goes on from there', async () => {
  const { url, write } = await startFeed();
  write(change('clients', 'before'));
  const reading = follow(url, {
    lastEventId: '00000000-7',
    count: 2,
    onEvent: () => write(change('clients', 'x')),
  });
  const events = await reading;
  expect(events[0]).toEqual({ name: 'reset', id: 'feedfeed-1', data: { reason: 'unknown_cursor' } });
  expect(told(events)).toEqual([deriveId('feed', 'x')]);
});

test('while the read models are away there is no sign of life, and at last an end', async () => {
  const { url, goAway } = await startFeed();
  const events = await follow(url, { heartbeats: 1, onEvent: goAway });
  expect(events.map(({ name, data }) => [name, data['reason']])).toEqual([
    ['open', undefined],
    ['end', 'unavailable'],
  ]);
});

test('streams are bounded, wrong cursors and filters are refused', async () => {
  const { gateway, url, write } = await startFeed({ config: { streamsMax: 1 } });
  const opened = Promise.withResolvers<void>();
  const reading = follow(url, { count: 2, onEvent: () => opened.resolve() });
  await opened.promise;
  const accept = { accept: 'text/event-stream' };
  const busy = await gateway.send(path, { headers: accept });
  expect([busy.status, ...codesOf(busy)]).toEqual([503, 'busy']);
  write(change('clients', 'x'));
  await reading;
  const bad = await gateway.send(path, { headers: { ...accept, 'last-event-id': '7' } });
  expect([bad.status, ...codesOf(bad)]).toEqual([400, 'invalid_header']);
  const unknown = await gateway.send(`${path}?types=clients,cats`);
  expect([unknown.status, ...codesOf(unknown)]).toEqual([400, 'invalid_parameter']);
});
