import { newId, streams } from '@alfa-cloud/contracts';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { connectEventStore, type EventStoreConnection } from '../src/index.ts';
import { cause, claimed, silent, StoreProcess } from './support.ts';

let process: StoreProcess;
let connection: EventStoreConnection;

beforeEach(async () => {
  process = await StoreProcess.start();
  connection = connectEventStore({ connectionString: process.connectionString, logger: silent });
});

afterEach(async () => {
  await connection.close();
  await process.remove();
});

/** Appends one event after the other, as fast as they are acknowledged. */
const appendChain = async (
  id: string,
  length: number,
  onAppended: (count: number) => void,
): Promise<void> => {
  let expectedRevision: bigint | 'no_stream' = 'no_stream';
  for (let count = 0; count < length; count += 1) {
    const { revision } = await connection.append(streams.operation(id), [claimed(id, `w${count}`)], {
      expectedRevision,
      cause,
    });
    expectedRevision = revision;
    onAppended(count);
  }
};

test('appends go on through kills of the store: none lost, none twice', async () => {
  const ids = Array.from({ length: 8 }, () => newId());
  const length = 60;
  const halfway = Promise.withResolvers<void>();
  let appended = 0;
  const writing = ids.map((id) =>
    appendChain(id, length, () => {
      appended += 1;
      if (appended === 100) halfway.resolve();
    }),
  );
  await halfway.promise;
  await process.kill();
  await process.start();
  await process.kill();
  await process.start();
  await Promise.all(writing);
  for (const id of ids) {
    const { events } = await connection.read(streams.operation(id));
    expect(events.map(({ data }) => (data as { worker: string }).worker)).toEqual(
      Array.from({ length }, (_, count) => `w${count}`),
    );
  }
});

test('a read waits for a store that is not there yet', async () => {
  await process.kill();
  const reading = connection.read('client-1');
  await process.start();
  expect(await reading).toEqual({ events: [], revision: null });
});

test('patience has an end', async () => {
  const hasty = connectEventStore({
    connectionString: process.connectionString,
    logger: silent,
    patienceMs: 300,
  });
  await process.kill();
  const id = newId();
  const appending = hasty.append(streams.operation(id), [claimed(id, 'w')], {
    expectedRevision: 'no_stream',
    cause,
  });
  await expect(appending).rejects.toMatchObject({ name: 'EventStoreUnavailable' });
  await expect(hasty.read('client-1')).rejects.toMatchObject({ name: 'EventStoreUnavailable' });
  expect(await hasty.isReachable()).toBe(false);
  await hasty.close();
});
