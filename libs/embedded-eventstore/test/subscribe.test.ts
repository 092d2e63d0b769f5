import type { AllStreamSubscription, Filter, Position } from '@eventstore/db-client';
import {
  END,
  START,
  eventTypeFilter,
  excludeSystemEvents,
  jsonEvent,
  streamNameFilter,
} from '@eventstore/db-client';
import { afterEach, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import {
  Watched,
  appendVia,
  counted,
  dataOf,
  linkTo,
  markPlace,
  newStream,
  strongerHere,
  useStore,
} from './support.ts';

const store = useStore();
const append = appendVia(store, {});
const open: { unsubscribe(): Promise<void> }[] = [];
afterEach(async () => {
  for (const subscription of open.splice(0)) await subscription.unsubscribe();
});

type StreamOptions = NonNullable<Parameters<typeof store.client.subscribeToStream>[1]>;
type AllOptions = NonNullable<Parameters<typeof store.client.subscribeToAll>[0]>;

function watchStream(stream: string, options: StreamOptions = {}): Watched {
  const subscription = store.client.subscribeToStream(stream, options);
  open.push(subscription);
  return new Watched(subscription);
}

function watchAll(options: AllOptions = {}): Watched {
  let watched: Watched | undefined;
  const filter: Filter | undefined = options.filter && {
    ...options.filter,
    checkpointReached: (_: AllStreamSubscription, position: Position) =>
      watched?.noteCheckpoint(position.commit),
  };
  const subscription = store.client.subscribeToAll({ ...options, ...(filter && { filter }) });
  open.push(subscription);
  watched = new Watched(subscription);
  return watched;
}

async function streamOf(count: number): Promise<string> {
  const stream = newStream();
  await append(stream, counted(count));
  return stream;
}

describe('to a stream', () => {
  test('from the start: what is there, then what comes', async () => {
    const stream = await streamOf(3);
    const watched = watchStream(stream, { fromRevision: START });
    await watched.until(({ caughtUp }) => caughtUp === 1);
    await append(stream, counted(2, 3));
    await watched.until(({ events }) => events.length >= 5);
    expect(watched.confirmed).toBe(true);
    expect(watched.numbers).toEqual([0, 1, 2, 3, 4]);
  });

  test('from a revision: strictly after it', async () => {
    const stream = await streamOf(5);
    const watched = watchStream(stream, { fromRevision: 2n });
    await watched.until(({ caughtUp }) => caughtUp === 1);
    await append(stream, counted(1, 5));
    await watched.until(({ events }) => events.length >= 3);
    expect(watched.numbers).toEqual([3, 4, 5]);
  });

  test('from the end: only what comes', async () => {
    const stream = await streamOf(3);
    const watched = watchStream(stream, { fromRevision: END });
    await watched.until(({ caughtUp }) => caughtUp === 1);
    await append(stream, counted(2, 3));
    await watched.until(({ events }) => events.length >= 2);
    expect(watched.numbers).toEqual([3, 4]);
  });

  test('from beyond the end: live at once, what is not beyond is skipped', async () => {
    const stream = await streamOf(1);
    const watched = watchStream(stream, { fromRevision: 2n });
    await watched.until(({ caughtUp }) => caughtUp === 1);
    for (let n = 1; n < 5; n += 1) await append(stream, counted(1, n));
    await watched.until(({ events }) => events.length >= 2);
    expect(watched.numbers).toEqual([3, 4]);
  });

  test('that does not exist yet', async () => {
    const stream = newStream();
    const watched = watchStream(stream);
    await watched.until(({ confirmed, caughtUp }) => confirmed && caughtUp === 1);
    await append(stream, counted(2));
    await watched.until(({ events }) => events.length >= 2);
    expect(watched.numbers).toEqual([0, 1]);
  });

  test('hears nothing of other streams', async () => {
    const [stream, other] = [newStream(), newStream()];
    const watched = watchStream(stream);
    await watched.until(({ caughtUp }) => caughtUp === 1);
    await append(other, counted(3, 100));
    await append(stream, counted(1));
    await watched.until(({ events }) => events.length >= 1);
    expect(watched.numbers).toEqual([0]);
  });

  test('catching up leaves out what is truncated; live misses nothing', async () => {
    const stream = await streamOf(5);
    await store.client.setStreamMetadata(stream, { maxCount: 1 });
    const watched = watchStream(stream);
    await watched.until(({ caughtUp }) => caughtUp === 1);
    await append(stream, counted(3, 5));
    await watched.until(({ events }) => events.length >= 4);
    expect(watched.numbers).toEqual([4, 5, 6, 7]);
  });

  test('that is deleted: waits, and goes on when it comes back', async () => {
    const stream = await streamOf(3);
    await store.client.deleteStream(stream);
    const watched = watchStream(stream);
    await watched.until(({ caughtUp }) => caughtUp === 1);
    await append(stream, counted(2, 3));
    await watched.until(({ events }) => events.length >= 2);
    expect(watched.numbers).toEqual([3, 4]);
  });

  test('that is deleted and comes back while it is watched: goes on', async () => {
    const stream = await streamOf(1);
    const watched = watchStream(stream);
    await watched.until(({ caughtUp }) => caughtUp === 1);
    await store.client.deleteStream(stream);
    await append(stream, counted(1, 1));
    await watched.until(({ events }) => events.length >= 2);
    expect(watched.numbers).toEqual([0, 1]);
  });

  test('that is ended already: refused, unconfirmed', async () => {
    const stream = await streamOf(1);
    await store.client.tombstoneStream(stream);
    const watched = watchStream(stream);
    await watched.until(({ error }) => error !== undefined);
    expect(watched.error).toMatchObject({ type: 'stream-deleted', streamName: stream });
    expect(watched.confirmed).toBe(false);
  });

  test('that is ended while it is watched: the last event, then the error', async () => {
    const stream = await streamOf(1);
    const watched = watchStream(stream);
    await watched.until(({ caughtUp }) => caughtUp === 1);
    await store.client.tombstoneStream(stream);
    await watched.until(({ error }) => error !== undefined);
    expect(watched.error).toMatchObject({ type: 'stream-deleted', streamName: stream });
    expect(watched.events.map(({ event }) => event?.type)).toEqual(['counted', '$streamDeleted']);
  });

  test('of metadata: every change', async () => {
    const stream = newStream();
    const watched = watchStream(`$$${stream}`);
    await watched.until(({ caughtUp }) => caughtUp === 1);
    for (const maxCount of [1, 2]) await store.client.setStreamMetadata(stream, { maxCount });
    await store.client.deleteStream(stream);
    await watched.until(({ events }) => events.length >= 3);
    expect(watched.events.map(({ event }) => event?.type)).toEqual(['$metadata', '$metadata', '$metadata']);
  });

  test('with links resolved', async () => {
    const [stream, links] = [await streamOf(2), newStream()];
    const watched = watchStream(links, { resolveLinkTos: true });
    await watched.until(({ caughtUp }) => caughtUp === 1);
    await append(links, linkTo(`1@${stream}`));
    await watched.until(({ events }) => events.length >= 1);
    expect(watched.events[0]?.event).toMatchObject({ streamId: stream, revision: 1n });
    expect(watched.events[0]?.link).toMatchObject({ streamId: links });
  });
});

describe('to all', () => {
  const ownPrefix = () => `own${randomUUID().slice(0, 8)}`;

  test('from a position: strictly after it, then live, in the order of the log', async () => {
    const stream = newStream();
    const first = await append(stream, counted(1));
    await append(stream, counted(2, 1));
    const watched = watchAll({ fromPosition: first.position ?? START });
    await watched.until(({ caughtUp }) => caughtUp === 1);
    await append(stream, counted(1, 3));
    await watched.until(({ events }) => events.length >= 3);
    const own = watched.events.filter(({ event }) => event?.streamId === stream);
    expect(own.map((event) => (dataOf(event) as { n: number }).n)).toEqual([1, 2, 3]);
    expect(own.every(({ event, commitPosition }) => event?.position?.commit === commitPosition)).toBe(true);
  });

  test('from the start and from the end', async () => {
    const stream = await streamOf(2);
    const all = watchAll({ fromPosition: START });
    const live = watchAll({ fromPosition: END });
    for (const watched of [all, live]) await watched.until(({ caughtUp }) => caughtUp === 1);
    await append(stream, counted(1, 2));
    const own = (watched: Watched) => watched.events.filter(({ event }) => event?.streamId === stream);
    await all.until((watched) => own(watched).length === 3);
    await live.until((watched) => own(watched).length === 1);
    expect(own(live)[0]?.event?.revision).toBe(2n);
  });

  test('shows truncated, deleted and ended streams', async () => {
    const stream = newStream();
    const before = await markPlace(store);
    await append(stream, counted(2));
    await store.client.setStreamMetadata(stream, { maxCount: 1 });
    await store.client.deleteStream(stream);
    await store.client.tombstoneStream(stream);
    const watched = watchAll({ fromPosition: before, filter: streamNameFilter({ prefixes: [stream] }) });
    await watched.until(({ caughtUp }) => caughtUp === 1);
    expect(watched.events.map(({ event }) => event?.type)).toEqual(['counted', 'counted', '$streamDeleted']);
  });

  describe('with a filter', () => {
    /** Streams a-1, b-1, c-1 under a prefix of the test's own, one event each of the types A, B, C. */
    async function three(): Promise<{ prefix: string; from: Position }> {
      const prefix = ownPrefix();
      const marker = await append(`${prefix}-marker`, counted(1));
      for (const letter of ['a', 'b', 'c']) {
        await append(
          `${prefix}.${letter}-1`,
          jsonEvent({ type: `${prefix}.${letter.toUpperCase()}`, data: {} }),
        );
      }
      return { prefix, from: marker.position ?? { commit: 0n, prepare: 0n } };
    }

    test.each<[string, (prefix: string) => Filter, string[]]>([
      ['stream name prefix', (p) => streamNameFilter({ prefixes: [`${p}.b`] }), ['B']],
      ['any of several prefixes', (p) => streamNameFilter({ prefixes: [`${p}.a`, `${p}.c`] }), ['A', 'C']],
      ['stream name regex', (p) => streamNameFilter({ regex: `^${p}\\.[bc]-\\d$` }), ['B', 'C']],
      ['regex that is not anchored', (p) => streamNameFilter({ regex: `${p.slice(2)}.a` }), ['A']],
      ['event type prefix', (p) => eventTypeFilter({ prefixes: [`${p}.A`] }), ['A']],
      ['event type regex', (p) => eventTypeFilter({ regex: `^${p}\\.[AC]$` }), ['A', 'C']],
    ])('%s', async (_name, filter, expected) => {
      const { prefix, from } = await three();
      const watched = watchAll({ fromPosition: from, filter: filter(prefix) });
      await watched.until(({ caughtUp }) => caughtUp === 1);
      const letters = () => watched.events.map(({ event }) => event?.type.slice(-1));
      expect(letters()).toEqual(expected);
      for (const letter of ['a', 'b', 'c']) {
        await append(
          `${prefix}.${letter}-1`,
          jsonEvent({ type: `${prefix}.${letter.toUpperCase()}`, data: {} }),
        );
      }
      await watched.until(({ events }) => events.length >= 2 * expected.length);
      expect(letters()).toEqual([...expected, ...expected]);
    });

    test('no prefixes: nothing passes', async () => {
      const { prefix, from } = await three();
      const watched = watchAll({ fromPosition: from, filter: streamNameFilter({ prefixes: [] }) });
      const control = watchAll({ fromPosition: from, filter: streamNameFilter({ prefixes: [prefix] }) });
      for (const each of [watched, control]) await each.until(({ caughtUp }) => caughtUp === 1);
      expect(control.events).toHaveLength(3);
      expect(watched.events).toEqual([]);
    });

    test('system events can be left out', async () => {
      const stream = newStream();
      const { position } = await append(stream, counted(1));
      await store.client.setStreamMetadata(stream, { maxCount: 9 });
      await append(stream, counted(1, 1));
      const watched = watchAll({ fromPosition: position ?? START, filter: excludeSystemEvents() });
      await watched.until(({ caughtUp }) => caughtUp === 1);
      expect(watched.events.every(({ event }) => event?.type.startsWith('$') === false)).toBe(true);
      expect(watched.events.some(({ event }) => event?.streamId === stream)).toBe(true);
    });

    test('hidden streams stay hidden even when asked for', async () => {
      const prefix = `$persistentsubscription-$all::${newStream()}`;
      const before = await markPlace(store);
      await append(`${prefix}-checkpoint`, counted(1));
      await append(`${prefix}-shown`, counted(1, 1));
      const watched = watchAll({
        fromPosition: before,
        filter: streamNameFilter({ prefixes: [prefix] }),
      });
      await watched.until(({ caughtUp }) => caughtUp === 1);
      expect(watched.numbers).toEqual([1]);
    });

    test('a link is judged by itself, not by what it leads to', async () => {
      const prefix = ownPrefix();
      const { position } = await append(`${prefix}.target`, counted(1));
      await append(`${prefix}.links`, linkTo(`0@${prefix}.target`));
      const watched = watchAll({
        fromPosition: position ?? START,
        resolveLinkTos: true,
        filter: streamNameFilter({ prefixes: [`${prefix}.links`] }),
      });
      await watched.until(({ caughtUp }) => caughtUp === 1);
      expect(watched.events[0]?.event).toMatchObject({ streamId: `${prefix}.target` });
    });
  });

  describe('checkpoints', () => {
    strongerHere('at the end of catching up, though nothing matched', async () => {
      const { position } = await append(newStream(), counted(10));
      const watched = watchAll({ filter: streamNameFilter({ prefixes: [ownPrefix()] }) });
      await watched.until(({ caughtUp }) => caughtUp === 1);
      expect(watched.checkpoints.at(-1)).toBeGreaterThanOrEqual(position?.commit ?? 0n);
      expect(watched.checkpoints.every((at) => at < 2n ** 63n)).toBe(true);
    });

    test('on the way, at the interval, always forward', async () => {
      const before = await append(newStream(), counted(1));
      await append(newStream(), counted(320));
      const watched = watchAll({
        fromPosition: before.position ?? START,
        filter: streamNameFilter({ prefixes: [ownPrefix()], maxSearchWindow: 32, checkpointInterval: 2 }),
      });
      await watched.until(({ caughtUp }) => caughtUp === 1);
      expect(watched.checkpoints.length).toBeGreaterThanOrEqual(5);
      expect(watched.checkpoints).toEqual([...new Set(watched.checkpoints)].sort((a, b) => Number(a - b)));
    });

    test('live, counting events that do not match', async () => {
      const watched = watchAll({
        fromPosition: END,
        filter: streamNameFilter({ prefixes: [ownPrefix()], maxSearchWindow: 10, checkpointInterval: 1 }),
      });
      await watched.until(({ caughtUp }) => caughtUp === 1);
      const { position } = await append(newStream(), counted(40));
      await watched.until(({ checkpoints }) => checkpoints.length >= 4);
      expect(watched.checkpoints.at(-1)).toBeLessThanOrEqual(position?.commit ?? 0n);
      expect(watched.events).toEqual([]);
    });

    test('are places to go on from without loss or repetition', async () => {
      const prefix = ownPrefix();
      const before = await append(newStream(), counted(1));
      for (let n = 0; n < 30; n += 1) {
        await append(n % 3 === 0 ? `${prefix}-${n}` : newStream(), counted(1, n));
      }
      const filter = streamNameFilter({ prefixes: [prefix], maxSearchWindow: 4, checkpointInterval: 1 });
      const whole = watchAll({ fromPosition: before.position ?? START, filter });
      await whole.until(({ caughtUp }) => caughtUp === 1);
      expect(whole.numbers).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24, 27]);
      const middle = whole.checkpoints[Math.floor(whole.checkpoints.length / 2)] ?? 0n;
      const rest = watchAll({ fromPosition: { commit: middle, prepare: middle }, filter });
      await rest.until(({ caughtUp }) => caughtUp === 1);
      const seen = whole.events.filter(({ event }) => (event?.position?.commit ?? 0n) <= middle).length;
      expect(rest.numbers).toEqual(whole.numbers.slice(seen));
    });
  });
});

describe('under load', () => {
  test('catching up while others write: everything once, in order', async () => {
    const stream = await streamOf(1500);
    const writing = (async () => {
      for (let n = 1500; n < 2000; n += 10) await append(stream, counted(10, n));
    })();
    const watched = [watchStream(stream), watchStream(stream)];
    const filtered = watchAll({ filter: streamNameFilter({ prefixes: [stream] }) });
    await writing;
    for (const each of [...watched, filtered]) {
      await each.until(({ events }) => events.length >= 2000);
      expect(each.numbers).toEqual(Array.from({ length: 2000 }, (_, n) => n));
    }
  });

  test('a subscriber that does not read holds up nobody and gets everything later', async () => {
    const stream = newStream();
    const slow = store.client.subscribeToStream(stream, {}, { highWaterMark: 1 });
    open.push(slow);
    const quick = watchStream(stream);
    await quick.until(({ caughtUp }) => caughtUp === 1);
    const text = 'x'.repeat(10_000);
    for (let n = 0; n < 600; n += 20) {
      await append(
        stream,
        Array.from({ length: 20 }, (_, i) => jsonEvent({ type: 't', data: { n: n + i, text } })),
      );
    }
    await quick.until(({ events }) => events.length === 600);
    const late = new Watched(slow);
    await late.until(({ events }) => events.length === 600);
    expect(late.numbers).toEqual(Array.from({ length: 600 }, (_, n) => n));
  });
});
