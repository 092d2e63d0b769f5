import type { Position } from '@eventstore/db-client';
import { BACKWARDS, END, FORWARDS, START } from '@eventstore/db-client';
import { describe, expect, test } from '@jest/globals';
import { appendVia, collect, counted, newStream, useStore } from './support.ts';

const store = useStore();
const append = appendVia(store, {});
type Options = NonNullable<Parameters<typeof store.client.readAll>[0]>;
const read = (options: Options) => collect(store.client.readAll(options));

/** Three streams, written in turn; the positions of their events in the order of the log. */
async function interleaved(): Promise<{ streams: string[]; positions: Position[] }> {
  const streams = [newStream(), newStream(), newStream()];
  const positions: Position[] = [];
  for (let turn = 0; turn < 2; turn += 1) {
    for (const stream of streams) {
      const { position } = await append(stream, counted(1, turn));
      if (position !== undefined) positions.push(position);
    }
  }
  return { streams, positions };
}

const at = ({ positions }: { positions: Position[] }, index: number): Position => {
  const position = positions.at(index);
  if (position === undefined) throw new Error('no position');
  return position;
};
const ours = (events: Awaited<ReturnType<typeof read>>, streams: string[]) =>
  events.flatMap(({ event }) => (event && streams.includes(event.streamId) ? [event.position] : []));

describe('forwards', () => {
  test('all streams in the order they were written, from a position on, itself included', async () => {
    const log = await interleaved();
    expect(ours(await read({ fromPosition: at(log, 0) }), log.streams)).toEqual(log.positions);
    expect(ours(await read({ fromPosition: at(log, 2) }), log.streams)).toEqual(log.positions.slice(2));
  });

  test('from the start, to the end', async () => {
    const log = await interleaved();
    const all = await read({ fromPosition: START });
    expect(ours(all, log.streams)).toEqual(log.positions);
    const commits = all.map(({ event }) => event?.position?.commit ?? 0n);
    expect(commits).toEqual([...commits].sort((a, b) => Number(a - b)));
  });

  test('so many', async () => {
    const log = await interleaved();
    expect(await read({ fromPosition: at(log, 0), maxCount: 3 })).toHaveLength(3);
  });

  test('nothing from the end', async () => {
    await interleaved();
    expect(await read({ direction: FORWARDS, fromPosition: END })).toEqual([]);
  });
});

describe('backwards', () => {
  test('from a position, itself excluded', async () => {
    const log = await interleaved();
    const events = await read({ direction: BACKWARDS, fromPosition: at(log, 3), maxCount: 10 });
    expect(ours(events, log.streams)).toEqual(log.positions.slice(0, 3).toReversed());
  });

  test('from the end, newest first', async () => {
    const log = await interleaved();
    const events = await read({ direction: BACKWARDS, fromPosition: END, maxCount: 20 });
    expect(ours(events, log.streams)).toEqual(log.positions.toReversed());
  });

  test('so many', async () => {
    await interleaved();
    expect(await read({ direction: BACKWARDS, fromPosition: END, maxCount: 4 })).toHaveLength(4);
  });

  test('nothing from the start', async () => {
    await interleaved();
    expect(await read({ direction: BACKWARDS, fromPosition: START })).toEqual([]);
  });
});

test('streams that hold the server’s own notes are hidden', async () => {
  const hidden = `$persistentsubscription-$all::${newStream()}-checkpoint`;
  const parked = `$persistentsubscription-$all::${newStream()}-parked`;
  const shown = `$persistentsubscription-$all::${newStream()}-other`;
  const { position } = await append(hidden, counted(1));
  for (const stream of [parked, '$epoch-information', shown]) await append(stream, counted(1));
  const streams = (await read({ fromPosition: position ?? START })).map(({ event }) => event?.streamId);
  expect(streams).toContain(shown);
  expect(streams).not.toContain(hidden);
  expect(streams).not.toContain(parked);
  expect(streams).not.toContain('$epoch-information');
  expect(await collect(store.client.readStream(hidden))).toHaveLength(1);
});

test('thousands of events, both ways', async () => {
  const stream = newStream();
  const { position } = await append(stream, counted(1));
  for (let n = 1; n < 5000; n += 1000) await append(stream, counted(Math.min(1000, 5000 - n), n));
  const numbers = (events: Awaited<ReturnType<typeof read>>) =>
    events.flatMap(({ event }) => (event?.streamId === stream ? [(event.data as { n: number }).n] : []));
  const all = Array.from({ length: 5000 }, (_, n) => n);
  expect(numbers(await read({ fromPosition: position ?? START }))).toEqual(all);
  expect(numbers(await read({ direction: BACKWARDS, fromPosition: END }))).toEqual(all.toReversed());
});
