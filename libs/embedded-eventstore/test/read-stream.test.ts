import { BACKWARDS, END, FORWARDS, START, jsonEvent } from '@eventstore/db-client';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  appendVia,
  collect,
  counted,
  dataOf,
  failureOf,
  linkTo,
  newStream,
  realServer,
  revisionsOf,
  useStore,
} from './support.ts';

const store = useStore();
const append = appendVia(store, {});
type Options = NonNullable<Parameters<typeof store.client.readStream>[1]>;
const read = (stream: string, options: Options = {}) => collect(store.client.readStream(stream, options));
const revisions = async (stream: string, options: Options = {}) => revisionsOf(await read(stream, options));

describe('a stream of ten events', () => {
  const stream = newStream();
  beforeAll(() => append(stream, counted(10)));

  test.each<[string, Options, number[]]>([
    ['everything by default', {}, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['forwards, the revision included', { fromRevision: 7n }, [7, 8, 9]],
    ['forwards, so many', { fromRevision: 2n, maxCount: 3 }, [2, 3, 4]],
    ['forwards from beyond the end', { fromRevision: 10n }, []],
    ['backwards from the end', { direction: BACKWARDS, fromRevision: END, maxCount: 2 }, [9, 8]],
    ['backwards, the revision included', { direction: BACKWARDS, fromRevision: 2n }, [2, 1, 0]],
    ['backwards from beyond the end', { direction: BACKWARDS, fromRevision: 99n, maxCount: 1 }, [9]],
    ['backwards from the start', { direction: BACKWARDS, fromRevision: START }, [0]],
    [
      'backwards from the largest revision',
      { direction: BACKWARDS, fromRevision: 2n ** 64n - 1n, maxCount: 1 },
      [9],
    ],
  ])('%s', async (_name, options, expected) => {
    expect(await revisions(stream, options)).toEqual(expected);
  });

  test('carries positions', async () => {
    const [first] = await read(stream, { maxCount: 1 });
    expect(first?.commitPosition).toBe(first?.event?.position?.commit);
  });

  test('cannot be read forwards from its end, nor nothing of it', async () => {
    expect(await failureOf(read(stream, { fromRevision: END }))).toMatchObject({ type: 'unknown' });
    expect(await failureOf(read(stream, { maxCount: 0 }))).toMatchObject({ type: 'unknown' });
  });
});

test('a stream that is not there says so', async () => {
  const stream = newStream();
  const failure = { type: 'stream-not-found', streamName: stream };
  expect(await failureOf(read(stream))).toMatchObject(failure);
  expect(await failureOf(read(stream, { direction: BACKWARDS, fromRevision: END }))).toMatchObject(failure);
});

test('more events than fit in one go, both ways', async () => {
  const stream = newStream();
  await append(stream, counted(1200));
  const all = Array.from({ length: 1200 }, (_, n) => n);
  expect(await revisions(stream)).toEqual(all);
  expect(await revisions(stream, { direction: BACKWARDS, fromRevision: END })).toEqual(all.toReversed());
  expect(await revisions(stream, { fromRevision: 100n, maxCount: 700 })).toEqual(all.slice(100, 800));
});

// The real server reads on to whatever is the end by then.
(realServer === undefined ? test : test.skip)('ends at what was the newest when it began', async () => {
  const stream = newStream();
  await append(stream, counted(2000));
  let seen = 0;
  for await (const _ of store.client.readStream(stream)) {
    if (seen === 0) await append(stream, counted(100, 2000));
    seen += 1;
  }
  expect(seen).toBe(2000);
});

test('large events, many times what one connection buffers', async () => {
  const stream = newStream();
  const text = 'x'.repeat(900_000);
  for (let n = 0; n < 12; n += 1) await append(stream, jsonEvent({ type: 'large', data: { n, text } }));
  const sizes = (await read(stream)).map((event) => (dataOf(event) as { text: string }).text.length);
  expect(sizes).toEqual(Array.from({ length: 12 }, () => 900_000));
});

describe('links', () => {
  const links = newStream('links');
  const target = newStream();
  const gone = newStream();
  const ended = newStream();
  beforeAll(async () => {
    await append(target, counted(3));
    await store.client.setStreamMetadata(target, { truncateBefore: 1 });
    for (const stream of [gone, ended]) await append(stream, counted(1));
    await store.client.deleteStream(gone);
    await store.client.tombstoneStream(ended);
    const targets = [
      `2@${target}`,
      `0@${target}`,
      `9@${target}`,
      `0@${gone}`,
      `0@${ended}`,
      `0@${newStream()}`,
      'x@y',
    ];
    await append(links, targets.map(linkTo));
    await append(links, linkTo(`0@${links}`));
  });

  test('stay as they are unless asked for', async () => {
    const [first] = await read(links, { direction: FORWARDS, maxCount: 1 });
    expect(first?.event?.type).toBe('$>');
    expect(first?.link).toBeUndefined();
  });

  test('lead to the event; its position is the link’s', async () => {
    const [first] = await read(links, { resolveLinkTos: true, maxCount: 1 });
    expect(first?.event).toMatchObject({ streamId: target, revision: 2n });
    expect(first?.link).toMatchObject({ streamId: links, revision: 0n, type: '$>' });
    expect(first?.commitPosition).toBe(first?.link?.position?.commit);
  });

  test.each([
    ['truncated', 1],
    ['beyond the end', 2],
    ['deleted', 3],
    ['ended for good', 4],
    ['in no stream', 5],
  ])('lead nowhere when the event is %s', async (_name, index) => {
    const event = (await read(links, { resolveLinkTos: true }))[index];
    expect(event?.event).toBeUndefined();
    expect(event?.link).toMatchObject({ streamId: links, revision: BigInt(index) });
  });

  test('that cannot be understood stay as they are', async () => {
    const event = (await read(links, { resolveLinkTos: true }))[6];
    expect(event?.event).toMatchObject({ streamId: links, type: '$>' });
    expect(event?.link).toBeUndefined();
  });

  test('are followed one step only', async () => {
    const event = (await read(links, { resolveLinkTos: true }))[7];
    expect(event?.event).toMatchObject({ streamId: links, revision: 0n, type: '$>' });
  });

  test('resolve in backward reads and in $all too', async () => {
    const backwards = await read(links, { resolveLinkTos: true, direction: BACKWARDS, fromRevision: 0n });
    expect(backwards[0]?.event).toMatchObject({ streamId: target });
    const position = backwards[0]?.link?.position;
    if (position === undefined) throw new Error('no position');
    const [inAll] = await collect(
      store.client.readAll({ fromPosition: position, maxCount: 1, resolveLinkTos: true }),
    );
    expect(inAll?.event).toMatchObject({ streamId: target, revision: 2n });
  });
});
