import { BACKWARDS, END, jsonEvent } from '@eventstore/db-client';
import { describe, expect, test } from '@jest/globals';
import { appendVia, collect, counted, newStream, revisionsOf, useStore } from './support.ts';

const store = useStore();
const append = appendVia(store, {});
const revisions = async (stream: string, options = {}) =>
  revisionsOf(await collect(store.client.readStream(stream, options)));
/** Numbers of the text reach the server digit by digit, also those that JavaScript would round. */
const exactly = (text: string): object => {
  const exact = JSON as unknown as {
    parse(
      text: string,
      reviver: (key: string, value: unknown, context: { source: string }) => unknown,
    ): object;
    rawJSON(text: string): object;
  };
  return exact.parse(text, (_key, value, { source }) =>
    typeof value === 'number' ? exact.rawJSON(source) : value,
  );
};
const setRaw = (stream: string, json: string) =>
  append(`$$${stream}`, { ...jsonEvent({ type: '$metadata', data: {} }), data: exactly(json) } as never);

async function streamOf(count: number): Promise<string> {
  const stream = newStream();
  await append(stream, counted(count));
  return stream;
}

test('is kept and given back', async () => {
  const stream = await streamOf(1);
  const metadata = {
    maxCount: 5,
    maxAge: 60,
    cacheControl: 7,
    truncateBefore: 0,
    acl: { readRoles: ['$all'] },
    own: { a: 1 },
  };
  await store.client.setStreamMetadata(stream, metadata);
  expect((await store.client.getStreamMetadata(stream)).metadata).toEqual(metadata);
});

test('of a stream without it is empty', async () => {
  expect(await store.client.getStreamMetadata(newStream())).toEqual({ streamName: expect.any(String) });
});

test('has revisions of its own to expect', async () => {
  const stream = await streamOf(1);
  await store.client.setStreamMetadata(stream, { maxCount: 5 }, { expectedRevision: 'no_stream' });
  const again = store.client.setStreamMetadata(stream, { maxCount: 6 }, { expectedRevision: 'no_stream' });
  await expect(again).rejects.toMatchObject({ type: 'wrong-expected-version' });
  await store.client.setStreamMetadata(stream, { maxCount: 6 }, { expectedRevision: 0n });
});

test('shows its newest version only', async () => {
  const stream = newStream();
  for (const maxCount of [1, 2, 3]) await store.client.setStreamMetadata(stream, { maxCount });
  expect(await revisions(`$$${stream}`)).toEqual([2]);
  expect(await revisions(`$$${stream}`, { direction: BACKWARDS, fromRevision: END })).toEqual([2]);
  // The metadata of metadata is not looked at.
  await store.client.setStreamMetadata(`$$${stream}`, { maxCount: 3 });
  expect(await revisions(`$$${stream}`)).toEqual([2]);
});

describe('limits what can be read', () => {
  test('$maxCount: the newest so many', async () => {
    const stream = await streamOf(5);
    await store.client.setStreamMetadata(stream, { maxCount: 2 });
    expect(await revisions(stream)).toEqual([3, 4]);
    expect(await revisions(stream, { fromRevision: 1n, maxCount: 1 })).toEqual([3]);
    expect(await revisions(stream, { direction: BACKWARDS, fromRevision: END })).toEqual([4, 3]);
    expect(await revisions(stream, { direction: BACKWARDS, fromRevision: 2n })).toEqual([]);
    await append(stream, counted(1, 5));
    expect(await revisions(stream)).toEqual([4, 5]);
  });

  test('$tb: from that revision on', async () => {
    const stream = await streamOf(5);
    await store.client.setStreamMetadata(stream, { truncateBefore: 3 });
    expect(await revisions(stream)).toEqual([3, 4]);
    expect(await revisions(stream, { direction: BACKWARDS, fromRevision: END })).toEqual([4, 3]);
  });

  test('$tb beyond the end: the stream is there and empty', async () => {
    const stream = await streamOf(3);
    await store.client.setStreamMetadata(stream, { truncateBefore: 100 });
    expect(await revisions(stream)).toEqual([]);
    expect(await revisions(stream, { direction: BACKWARDS, fromRevision: END })).toEqual([]);
    await append(stream, counted(1, 3), 2n);
    expect(await revisions(stream)).toEqual([]);
  });

  test('the strictest of several wins', async () => {
    const stream = await streamOf(6);
    await store.client.setStreamMetadata(stream, { truncateBefore: 1, maxCount: 2 });
    expect(await revisions(stream)).toEqual([4, 5]);
    await store.client.setStreamMetadata(stream, { truncateBefore: 5, maxCount: 4 });
    expect(await revisions(stream)).toEqual([5]);
  });

  test('$maxAge: what is younger', async () => {
    const stream = await streamOf(3);
    await store.client.setStreamMetadata(stream, { maxAge: 3600 });
    expect(await revisions(stream)).toEqual([0, 1, 2]);
    await store.client.setStreamMetadata(stream, { maxAge: 1 });
    while ((await revisions(stream)).length > 0);
    await append(stream, counted(1, 3));
    expect(await revisions(stream)).toEqual([3]);
    expect(await revisions(stream, { direction: BACKWARDS, fromRevision: END })).toEqual([3]);
  });

  test('only in the stream, not in $all', async () => {
    const stream = newStream();
    const { position } = await append(stream, counted(1));
    await append(stream, counted(2, 1));
    await store.client.setStreamMetadata(stream, { maxCount: 1 });
    const inAll = await collect(store.client.readAll({ fromPosition: position ?? 'start' }));
    expect(revisionsOf(inAll.filter(({ event }) => event?.streamId === stream))).toEqual([0, 1, 2]);
  });
});

describe('that makes no sense limits nothing', () => {
  test.each([
    ['not JSON', '{no'],
    ['no object', '[1]'],
    ['a text for a number', '{"$maxCount":"1"}'],
    ['a fraction', '{"$maxCount":1.5}'],
    ['a number for the ACL', '{"$maxCount":1,"$acl":7}'],
    ['an ACL without a role', '{"$maxCount":1,"$acl":{"$r":5}}'],
    ['an ACL with null', '{"$maxCount":1,"$acl":{"$r":null}}'],
    ['an ACL with something unknown', '{"$maxCount":1,"$acl":{"$x":"a"}}'],
    ['a $tmp that is no truth', '{"$maxCount":1,"$tmp":1}'],
    ['an age of more than a .NET time', '{"$maxCount":1,"$maxAge":922337203686}'],
    ['zero', '{"$maxCount":0,"$maxAge":0}'],
    ['negative', '{"$maxCount":-1,"$tb":-1}'],
    ['more than 64 bits', '{"$maxCount":1,"$tb":9223372036854775808}'],
  ])('%s', async (_name, json) => {
    const stream = await streamOf(3);
    await store.client.setStreamMetadata(stream, { maxCount: 1 });
    await (json === '{no' ? append(`$$${stream}`, notJson(json)) : setRaw(stream, json));
    expect(await revisions(stream)).toEqual([0, 1, 2]);
  });

  const notJson = (text: string) =>
    ({
      ...jsonEvent({ type: '$metadata', data: {} }),
      data: Buffer.from(text),
      contentType: 'application/octet-stream',
    }) as never;
});

test('an ACL of roles does not get in the way of a limit', async () => {
  const stream = await streamOf(3);
  await setRaw(stream, '{"$maxCount":1,"$acl":{"$r":"a","$w":["b","c"]},"$tmp":true,"$maxAge":922337203685}');
  expect(await revisions(stream)).toEqual([2]);
});

test('a deleted stream that comes back keeps every number of its metadata', async () => {
  const stream = await streamOf(1);
  await store.client.deleteStream(stream);
  await setRaw(stream, '{"$maxCount":9223372036854775807,"id":12345678901234567890,"half":2.0}');
  await append(stream, counted(1, 1));
  expect(await revisions(stream)).toEqual([1]);
});

test('of a metadata stream that was deleted holds no longer, and is read on', async () => {
  const stream = await streamOf(3);
  await store.client.setStreamMetadata(stream, { maxCount: 1 });
  await store.client.deleteStream(`$$${stream}`);
  expect(await revisions(stream)).toEqual([0, 1, 2]);
  expect(await revisions(`$$${stream}`)).toEqual([0]);
});

describe('$tb at the end of 64 bits', () => {
  test('exactly there means deleted', async () => {
    const stream = await streamOf(3);
    await setRaw(stream, '{"$tb":9223372036854775807}');
    await expect(revisions(stream)).rejects.toMatchObject({ type: 'stream-not-found' });
  });

  test('one less means truncated', async () => {
    const stream = await streamOf(3);
    await setRaw(stream, '{"$tb":9223372036854775806}');
    expect(await revisions(stream)).toEqual([]);
  });
});
