import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Kvm } from '@nats-io/kv';
import { eventually } from '@alfa-cloud/testing';
import type { Bucket } from '../src/index.ts';
import { Rig } from './support.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await Rig.start();
});
afterEach(() => rig[Symbol.asyncDispose]());

const open = async (): Promise<Bucket> => (await rig.connect()).buckets.open('test-bucket');

test('a value is created once and replaced only by who knows its revision', async () => {
  const [one, other] = [await open(), await open()];
  expect(await one.get('key')).toBeNull();
  expect(await one.create('key', 'a')).toBe(true);
  expect(await other.create('key', 'b')).toBe(false);
  const first = await other.get('key');
  expect(first).toMatchObject({ key: 'key', value: 'a' });
  expect(await other.update('key', 'ä', first?.revision ?? 0)).toBe(true);
  expect(await one.update('key', 'c', first?.revision ?? 0)).toBe(false);
  expect(await one.get('key')).toMatchObject({ value: 'ä' });
});

test('a purged value leaves a marker, is listed no more, and may be created again', async () => {
  const bucket = await open();
  for (const key of ['one', 'two']) await bucket.create(key, 'x');
  await bucket.purge('one');
  await bucket.purge('one');
  expect(await bucket.get('one')).toMatchObject({ value: null });
  expect(await bucket.keys()).toEqual(['two']);
  expect(await bucket.create('one', 'y')).toBe(true);
  expect(await bucket.keys()).toEqual(['two', 'one']);
});

test('watches tell what there is and every change, also after NATS was killed, until they are ended', async () => {
  const [bucket, writer] = [await open(), await open()];
  await writer.create('kept', 'a');
  await writer.create('gone', 'secret');
  await writer.purge('gone');
  const values: (string | null)[] = [];
  const removed: string[] = [];
  const ends = [
    bucket.watch('kept', ({ value }) => values.push(value)),
    bucket.watchRemovals((key) => removed.push(key)),
  ];
  await eventually('what there is', () => values.length === 1 && removed.length === 1);
  await rig.nats.kill();
  await rig.nats.start();
  await writer.create('kept-not', 'x');
  await writer.update('kept', 'b', (await writer.get('kept'))?.revision ?? 0);
  await writer.purge('kept-not');
  await eventually('the changes', () => values.at(-1) === 'b' && removed.at(-1) === 'kept-not');
  for (const end of ends) end();
  const seen = [...values];
  await writer.purge('kept');
  const last = gateOf(bucket);
  await last;
  expect(values).toEqual(seen);
  expect(removed).not.toContain('kept');
});

/** Resolves when a watch begun now has told of the removal of `kept`. */
const gateOf = (bucket: Bucket): Promise<void> =>
  new Promise((resolve) => {
    const end = bucket.watchRemovals((key) => {
      if (key !== 'kept') return;
      end();
      resolve();
    });
  });

test('a call waits for NATS to return, and ends with MessagingUnavailable when it does not', async () => {
  const messaging = await rig.connect();
  const bucket = await messaging.buckets.open('test-bucket');
  await bucket.create('key', 'a');
  await rig.nats.kill();
  await eventually('the break to be noticed', () => !messaging.isConnected());
  const read = bucket.get('key');
  await rig.nats.start();
  expect(await read).toMatchObject({ value: 'a' });
  await rig.nats.kill();
  await expect(bucket.get('key')).rejects.toMatchObject({ name: 'MessagingUnavailable' });
});

test.each<[string, () => Promise<unknown>]>([
  ['with the whole store of NATS', () => rig.loseStore()],
  [
    'under a running NATS',
    async () => (await new Kvm(await rig.bareConnection()).open('test-bucket')).destroy(),
  ],
])('a bucket that is lost %s is made again, and who has it open is told once', async (_how, lose) => {
  const bucket = await open();
  let losses = 0;
  bucket.onLost(() => (losses += 1));
  await bucket.create('key', 'a');
  await lose();
  expect(await bucket.get('key')).toBeNull();
  expect(await bucket.create('key', 'b')).toBe(true);
  expect(await bucket.get('key')).toMatchObject({ value: 'b', revision: 1 });
  await eventually('the loss to be told', () => losses > 0);
  expect(await bucket.keys()).toEqual(['key']);
  expect(losses).toBe(1);
  const seen: (string | null)[] = [];
  bucket.watch('key', ({ value }) => seen.push(value));
  await eventually('the watch', () => seen.at(-1) === 'b');
});

test('a bucket that is still there after an outage was not lost', async () => {
  const bucket = await open();
  let losses = 0;
  bucket.onLost(() => (losses += 1));
  await rig.nats.kill();
  await rig.nats.start();
  await bucket.create('key', 'a');
  expect(losses).toBe(0);
});
