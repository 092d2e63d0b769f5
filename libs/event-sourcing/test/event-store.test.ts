import { newId, streams } from '@alfa-cloud/contracts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { jsonEvent } from '@eventstore/db-client';
import { connectEventStore, type EventStore, type EventStoreConnection } from '../src/index.ts';
import { inMemoryEventStore } from '../src/testing.ts';
import { cause, claimed, silent, StoreProcess } from './support.ts';

let process: StoreProcess | null = null;
let connection: EventStoreConnection;

beforeAll(async () => {
  const { ESDB_URL } = globalThis.process.env;
  process = ESDB_URL === undefined ? await StoreProcess.start() : null;
  const connectionString = ESDB_URL ?? process?.connectionString ?? '';
  connection = connectEventStore({ connectionString, logger: silent });
});

afterAll(async () => {
  await connection.close();
  await process?.remove();
});

const stores: [string, () => EventStore][] = [
  ['over the protocol', () => connection],
  ['in memory', () => inMemoryEventStore()],
];

describe.each(stores)('an event store %s', (_name, open) => {
  const begin = () => {
    const id = newId();
    const stream = streams.operation(id);
    return { store: open(), stream, event: (worker: string) => claimed(id, worker) };
  };

  test('reads nothing of a stream that does not exist', async () => {
    const { store, stream } = begin();
    expect(await store.read(stream)).toEqual({ events: [], revision: null });
  });

  test('reads what was appended, with metadata, in order', async () => {
    const { store, stream, event } = begin();
    const one = await store.append(stream, [event('a'), event('b')], {
      expectedRevision: 'no_stream',
      cause,
    });
    const two = await store.append(stream, [event('ё🧪')], { expectedRevision: one.revision, cause });
    expect([one.revision, two.revision]).toEqual([1n, 2n]);
    const { events, revision } = await store.read(stream);
    expect(revision).toBe(2n);
    expect(events.map(({ id, type, data }) => ({ id, event: { type, data } }))).toEqual(
      ['a', 'b', 'ё🧪'].map(event),
    );
    expect(events.map((recorded) => recorded.revision)).toEqual([0n, 1n, 2n]);
    expect(events[1]).toMatchObject({ stream, metadata: { ...cause, schemaVersion: 1 } });
    expect(Date.parse(events[1]?.metadata.at ?? '')).toBeGreaterThan(Date.now() - 60_000);
    expect(events.map(({ position }) => position).slice(1)).toEqual([one.position, two.position]);
    expect(two.position > one.position).toBe(true);
  });

  test('reads from a revision on', async () => {
    const { store, stream, event } = begin();
    await store.append(stream, ['a', 'b', 'c'].map(event), { expectedRevision: 'no_stream', cause });
    const later = await store.read(stream, { fromRevision: 2n });
    expect(later.events.map(({ revision }) => revision)).toEqual([2n]);
    expect(await store.read(stream, { fromRevision: 3n })).toEqual({ events: [], revision: null });
  });

  test.each([['no_stream' as const], [0n], [5n]])(
    'refuses the revision %s when it is another',
    async (wrong) => {
      const { store, stream, event } = begin();
      await store.append(stream, [event('a'), event('b')], { expectedRevision: 'no_stream', cause });
      const refused = store.append(stream, [event('c')], { expectedRevision: wrong, cause });
      await expect(refused).rejects.toMatchObject({ name: 'WrongRevision', stream });
      expect((await store.read(stream)).revision).toBe(1n);
    },
  );

  test('recognises an append that is repeated, also when others have appended since', async () => {
    const { store, stream, event } = begin();
    const once = await store.append(stream, [event('a')], { expectedRevision: 'no_stream', cause });
    const twice = ['b', 'c'].map(event);
    const first = await store.append(stream, twice, { expectedRevision: once.revision, cause });
    await store.append(stream, [event('d')], { expectedRevision: first.revision, cause });
    expect(await store.append(stream, twice, { expectedRevision: once.revision, cause })).toEqual(first);
    expect(await store.append(stream, [event('a')], { expectedRevision: 'no_stream', cause })).toEqual(once);
    const mixed = store.append(stream, [event('b'), event('e')], { expectedRevision: once.revision, cause });
    await expect(mixed).rejects.toMatchObject({ name: 'WrongRevision' });
    expect((await store.read(stream)).events).toHaveLength(4);
  });

  test('lets one of many win a race', async () => {
    const { store, stream, event } = begin();
    const workers = Array.from({ length: 20 }, (_, index) => `w${index}`);
    const outcomes = await Promise.allSettled(
      workers.map((worker) =>
        store.append(stream, [event(worker)], { expectedRevision: 'no_stream', cause }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await store.read(stream)).events).toHaveLength(1);
  });

  test('never writes what does not conform to its schema', async () => {
    const { store, stream } = begin();
    const bad = {
      id: newId(),
      event: { type: 'OperationClaimed' as const, data: { operationId: 'x', worker: 'w' } },
    };
    await expect(store.append(stream, [bad], { expectedRevision: 'no_stream', cause })).rejects.toThrow(
      'does not conform',
    );
    expect((await store.read(stream)).revision).toBeNull();
  });
});

test('a stream with an event of unknown type, or in a newer shape, is not read as if it were whole', async () => {
  const stream = streams.operation(newId());
  const data = { operationId: newId(), worker: 'w' };
  const write = (type: string, schemaVersion: number) =>
    connection.client.appendToStream(
      stream,
      jsonEvent({ type, data, metadata: { ...cause, at: new Date().toISOString(), schemaVersion } }),
    );
  await write('OperationTeleported', 1);
  await expect(connection.read(stream)).rejects.toMatchObject({
    name: 'UnknownEvent',
    type: 'OperationTeleported',
  });
  await write('OperationClaimed', 99);
  await expect(connection.read(stream, { fromRevision: 1n })).rejects.toThrow('schema version 99');
});

test('the store can be asked whether it is there', async () => {
  expect(await connection.isReachable()).toBe(true);
  const nowhere = connectEventStore({ connectionString: 'esdb://127.0.0.1:1?tls=false', logger: silent });
  expect(await nowhere.isReachable()).toBe(false);
  await nowhere.close();
});
