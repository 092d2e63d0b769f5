import { BACKWARDS, END, NO_STREAM, STREAM_EXISTS, jsonEvent } from '@eventstore/db-client';
import { describe, expect, test } from '@jest/globals';
import {
  APPEND_PATHS,
  Watched,
  appendVia,
  collect,
  counted,
  dataOf,
  failureOf,
  newStream,
  realServer,
  revisionsOf,
  useStore,
} from './support.ts';

const store = useStore();
const read = (stream: string) => collect(store.client.readStream(stream));
const append = appendVia(store, {});

async function streamOf(count: number, prefix?: string): Promise<string> {
  const stream = newStream(prefix);
  await append(stream, counted(count));
  return stream;
}

/** The newest event of $all: needed where a position alone says nothing. */
async function eventsSince(position: bigint | undefined, stream: string) {
  const from = { commit: position ?? 0n, prepare: position ?? 0n };
  return (await collect(store.client.readAll({ fromPosition: from }))).filter(
    ({ event }) => event?.streamId === stream,
  );
}

describe('delete', () => {
  test('hides the stream; its events stay in $all', async () => {
    const stream = newStream();
    const written = await append(stream, counted(2));
    const deleted = await store.client.deleteStream(stream);
    expect(deleted.position?.commit).toBeGreaterThan(written.position?.commit ?? 0n);
    expect(await failureOf(read(stream))).toMatchObject({ type: 'stream-not-found', streamName: stream });
    expect(await eventsSince(written.position?.commit, stream)).toHaveLength(1);
  });

  test('answers the position of the metadata event that it writes', async () => {
    const stream = await streamOf(1);
    const { position } = await store.client.deleteStream(stream);
    const [event] = await eventsSince(position?.commit, `$$${stream}`);
    expect(event?.event).toMatchObject({ type: '$metadata', isJson: true, position });
    // 2^63-1 is 2^63 as a number.
    expect(event?.event?.data).toEqual({ $tb: 2 ** 63 });
  });

  test('replaces the metadata', async () => {
    const stream = await streamOf(1);
    await store.client.setStreamMetadata(stream, { maxCount: 3, owner: 'lab' });
    await store.client.deleteStream(stream);
    const { metadata } = await store.client.getStreamMetadata(stream);
    expect(Object.keys(metadata ?? {})).toEqual(['truncateBefore']);
  });

  test('can be repeated', async () => {
    const stream = await streamOf(1);
    const first = await store.client.deleteStream(stream);
    const second = await store.client.deleteStream(stream);
    expect(second.position?.commit).toBeGreaterThan(first.position?.commit ?? 0n);
    expect(await failureOf(read(stream))).toMatchObject({ type: 'stream-not-found' });
  });

  test('of a stream that has only metadata', async () => {
    const stream = newStream();
    await store.client.setStreamMetadata(stream, { maxCount: 3 });
    expect(await store.client.deleteStream(stream)).toHaveProperty('position');
  });

  describe('looks at the expected revision', () => {
    test('the current one is accepted', async () => {
      const stream = await streamOf(3);
      await store.client.deleteStream(stream, { expectedRevision: 2n });
      expect(await failureOf(read(stream))).toMatchObject({ type: 'stream-not-found' });
    });

    test.each([
      ['older', 1n],
      ['newer', 7n],
    ])('one that is %s is refused', async (_name, expectedRevision) => {
      const stream = await streamOf(3);
      expect(await failureOf(store.client.deleteStream(stream, { expectedRevision }))).toMatchObject({
        type: 'wrong-expected-version',
        streamName: stream,
        expectedVersion: expectedRevision,
        actualVersion: 2n,
      });
      expect(await read(stream)).toHaveLength(3);
    });

    test('no stream is refused when there is one', async () => {
      const stream = await streamOf(1);
      const failure = await failureOf(store.client.deleteStream(stream, { expectedRevision: NO_STREAM }));
      expect(failure).toMatchObject({
        type: 'wrong-expected-version',
        expectedVersion: -1n,
        actualVersion: 0n,
      });
    });

    test.each([
      ['any', 'any', -2n],
      ['no stream', NO_STREAM, -1n],
    ] as const)(
      'a stream that never was cannot be deleted: %s',
      async (_name, expectedRevision, expectedVersion) => {
        const stream = newStream();
        expect(await failureOf(store.client.deleteStream(stream, { expectedRevision }))).toMatchObject({
          type: 'wrong-expected-version',
          streamName: stream,
          expectedVersion,
          actualVersion: -1n,
        });
      },
    );

    test('no stream is accepted when it is deleted already', async () => {
      const stream = await streamOf(1);
      await store.client.deleteStream(stream);
      expect(await store.client.deleteStream(stream, { expectedRevision: NO_STREAM })).toHaveProperty(
        'position',
      );
    });
  });
});

describe.each(APPEND_PATHS)('writing to a deleted stream by %s', (_name, path) => {
  const append = appendVia(store, path);

  test.each([
    ['any', 'any'],
    ['no stream', NO_STREAM],
    ['the last revision', 1n],
  ] as const)('with %s brings it back, numbering on, without the old events', async (_name, expected) => {
    const stream = await streamOf(2);
    await store.client.deleteStream(stream);
    expect(await append(stream, counted(2, 2), expected)).toMatchObject({ nextExpectedRevision: 3n });
    expect(revisionsOf(await read(stream))).toEqual([2, 3]);
    const { metadata } = await store.client.getStreamMetadata(stream);
    expect(metadata).toEqual({ truncateBefore: 2 });
  });

  test('with "stream exists" is refused as deleted', async () => {
    const stream = await streamOf(1);
    await store.client.deleteStream(stream);
    const failure = await failureOf(append(stream, counted(1), STREAM_EXISTS));
    expect(failure).toMatchObject({ type: 'stream-deleted', streamName: stream });
  });

  test('with another revision is refused', async () => {
    const stream = await streamOf(2);
    await store.client.deleteStream(stream);
    const failure = await failureOf(append(stream, counted(1), 0n));
    expect(failure).toMatchObject({ type: 'wrong-expected-version', actualVersion: 1n });
  });

  test('its metadata brings it back too', async () => {
    const stream = await streamOf(2);
    await store.client.deleteStream(stream);
    await append(`$$${stream}`, jsonEvent({ type: '$metadata', data: { owner: 'lab' } }));
    expect((await store.client.getStreamMetadata(stream)).metadata).toEqual({
      owner: 'lab',
      truncateBefore: 2,
    });
    expect(await read(stream)).toEqual([]);
    await append(stream, counted(1, 2), 1n);
    expect(revisionsOf(await read(stream))).toEqual([2]);
  });
});

describe('tombstone', () => {
  test('ends a stream for good', async () => {
    const stream = await streamOf(2);
    const { position } = await store.client.tombstoneStream(stream);
    const deleted = { type: 'stream-deleted', streamName: stream };
    expect(position).toBeDefined();
    expect(await failureOf(read(stream))).toMatchObject(deleted);
    expect(await failureOf(store.client.deleteStream(stream))).toMatchObject(deleted);
    expect(await failureOf(store.client.tombstoneStream(stream))).toMatchObject(deleted);
    expect(await failureOf(store.client.getStreamMetadata(stream))).toMatchObject({ type: 'stream-deleted' });
  });

  test.each(APPEND_PATHS)('refuses every %s, to the stream and to its metadata', async (_name, path) => {
    const stream = await streamOf(2);
    await store.client.tombstoneStream(stream);
    for (const expected of ['any', NO_STREAM, STREAM_EXISTS, 1n] as const) {
      const failure = await failureOf(appendVia(store, path)(stream, counted(1), expected));
      expect(failure).toMatchObject({ type: 'stream-deleted', streamName: stream });
    }
    const metadata = appendVia(store, path)(`$$${stream}`, jsonEvent({ type: '$metadata', data: {} }));
    expect(await failureOf(metadata)).toMatchObject({ type: 'stream-deleted' });
  });

  test('shows in $all as the last event of the stream', async () => {
    const stream = await streamOf(1);
    const { position } = await store.client.tombstoneStream(stream);
    const [last] = await eventsSince(position?.commit, stream);
    expect(last?.event).toMatchObject({
      type: '$streamDeleted',
      revision: 9223372036854775807n,
      isJson: false,
      position,
    });
    expect([...(dataOf(last) as Uint8Array)]).toEqual([]);
    const newest = await collect(
      store.client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 50 }),
    );
    expect(newest.some(({ event }) => event?.streamId === stream)).toBe(true);
  });

  test('of a stream that never was works with any and no stream', async () => {
    for (const expectedRevision of ['any', NO_STREAM] as const) {
      const stream = newStream();
      await store.client.tombstoneStream(stream, { expectedRevision });
      expect(await failureOf(append(stream, counted(1)))).toMatchObject({ type: 'stream-deleted' });
    }
  });

  test('looks at the expected revision', async () => {
    const stream = await streamOf(2);
    const failure = await failureOf(store.client.tombstoneStream(stream, { expectedRevision: 0n }));
    expect(failure).toMatchObject({
      type: 'wrong-expected-version',
      streamName: stream,
      expectedVersion: 0n,
      actualVersion: 1n,
    });
    await store.client.tombstoneStream(stream, { expectedRevision: 1n });
  });

  test('works on a deleted stream', async () => {
    const stream = await streamOf(1);
    await store.client.deleteStream(stream);
    await store.client.tombstoneStream(stream);
    expect(await failureOf(read(stream))).toMatchObject({ type: 'stream-deleted' });
  });

  test.each(['$$', '$$$$'])('ends what is described by %s… too', async (prefix) => {
    const stream = await streamOf(1);
    await store.client.tombstoneStream(stream);
    expect(await failureOf(read(`${prefix}${stream}`))).toMatchObject({ type: 'stream-deleted' });
  });

  test("or a user's event of its type ends subscriptions to the stream, and nothing else", async () => {
    const stream = await streamOf(1);
    const live = new Watched(store.client.subscribeToStream(stream));
    await live.until(({ caughtUp }) => caughtUp === 1);
    await append(stream, [jsonEvent({ type: '$streamDeleted', data: {} }), ...counted(1, 2)]);
    const late = new Watched(store.client.subscribeToStream(stream));
    for (const watched of [live, late]) {
      await watched.until(({ error }) => error !== undefined);
      expect(watched.error).toMatchObject({ type: 'stream-deleted', streamName: stream });
      expect(watched.events.map(({ event }) => event?.type)).toEqual(['counted', '$streamDeleted']);
    }
    const behind = new Watched(store.client.subscribeToStream(stream, { fromRevision: 1n }));
    await behind.until(({ events }) => events.length === 1);
    await append(stream, counted(1, 3));
    await behind.until(({ events }) => events.length === 2);
    expect(behind.numbers).toEqual([2, 3]);
    expect(revisionsOf(await read(stream))).toEqual([0, 1, 2, 3]);
  });

  test('is told for a name that is longer than headers may be', async () => {
    const stream = `${newStream()}${'x'.repeat(60_000)}`;
    await append(stream, counted(1));
    await store.client.tombstoneStream(stream);
    expect(await failureOf(read(stream))).toMatchObject({ type: 'stream-deleted' });
    expect(await read(await streamOf(1))).toHaveLength(1);
  });

  test('is told for names that do not fit into a trailer', async () => {
    const stream = await streamOf(1, 'образец\n');
    await store.client.tombstoneStream(stream);
    // A real server answers errors about such names without a status.
    expect(await failureOf(read(stream))).toMatchObject({
      type: realServer === undefined ? 'stream-deleted' : 'unknown',
    });
  });
});
