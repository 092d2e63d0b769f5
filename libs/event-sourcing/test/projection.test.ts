import { newId, streams } from '@alfa-cloud/contracts';
import { eventually } from '@alfa-cloud/testing';
import { jsonEvent } from '@eventstore/db-client';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  connectEventStore,
  subscribeProjection,
  type EventStoreConnection,
  type Projection,
  type ProjectionBatch,
  type ProjectionOptions,
} from '../src/index.ts';
import { cause, claimed, silent, StoreProcess } from './support.ts';

let process: StoreProcess;
let connection: EventStoreConnection;
let running: Projection[];

beforeEach(async () => {
  process = await StoreProcess.start();
  connection = connectEventStore({ connectionString: process.connectionString, logger: silent });
  running = [];
});

afterEach(async () => {
  await Promise.all(running.map((projection) => projection.stop()));
  await connection.close();
  await process.remove();
});

/** A read model: what was handled, and the checkpoint that was stored with it. */
class ReadModel {
  readonly workers: string[] = [];
  readonly sizes: number[] = [];
  checkpoint: bigint | null = null;
  #awaited: { length: number; resolve: () => void }[] = [];

  readonly handle = ({ events, checkpoint }: ProjectionBatch): void => {
    // An event at or before a stored checkpoint would have been missed by whoever resumed from there.
    for (const { position } of events) expect(position > (this.checkpoint ?? -1n)).toBe(true);
    this.sizes.push(events.length);
    for (const { data } of events) this.workers.push((data as { worker: string }).worker);
    this.checkpoint = checkpoint;
    for (const { length, resolve } of this.#awaited) if (this.workers.length >= length) resolve();
  };

  has(length: number): Promise<void> {
    if (this.workers.length >= length) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#awaited.push({ length, resolve });
    return promise;
  }
}

const project = (model: ReadModel, options: Partial<ProjectionOptions> = {}): Projection => {
  const projection = subscribeProjection({
    client: connection.client,
    fromPosition: model.checkpoint,
    handle: model.handle,
    logger: silent,
    ...options,
  });
  running.push(projection);
  return projection;
};

const workers = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `w${from + index}`);

/** Appends events of ours to streams of their own. */
const write = async (from: number, to: number): Promise<void> => {
  for (const worker of workers(from, to)) {
    const id = newId();
    await connection.append(streams.operation(id), [claimed(id, worker)], {
      expectedRevision: 'no_stream',
      cause,
    });
  }
};

test('catches up in bounded batches, then follows what is new', async () => {
  await write(0, 120);
  const model = new ReadModel();
  const projection = project(model, { maxBatch: 50 });
  await projection.caughtUp;
  expect(model.workers).toEqual(workers(0, 120));
  expect(Math.max(...model.sizes)).toBeLessThanOrEqual(50);
  expect(projection.status()).toMatchObject({ caughtUp: true, behindMs: 0, lastError: null });
  await write(120, 130);
  await model.has(130);
  expect(model.workers).toEqual(workers(0, 130));
  await projection.stop();
  expect(projection.status().position).toBe(model.checkpoint);
});

test('goes on from its checkpoint without a gap or a repeat', async () => {
  const model = new ReadModel();
  for (let round = 0; round < 4; round += 1) {
    const projection = project(model, { maxBatch: 7 });
    await write(round * 20, round * 20 + 15);
    await model.has(round * 20 + 3);
    await projection.stop();
    const handled = model.workers.length;
    await write(round * 20 + 15, round * 20 + 20);
    expect(model.workers).toHaveLength(handled);
  }
  await project(model).caughtUp;
  expect(model.workers).toEqual(workers(0, 80));
});

test('outlives the event store', async () => {
  const model = new ReadModel();
  const projection = project(model);
  await write(0, 30);
  await process.kill();
  await process.start();
  await write(30, 60);
  await process.kill();
  await process.start();
  await write(60, 90);
  await model.has(90);
  expect(model.workers).toEqual(workers(0, 90));
  // The batch counts as handled, and the error as past, a moment after the model has its events.
  await eventually('the error is forgotten', () => projection.status().lastError === null);
  expect(projection.status().interruptions).toBeGreaterThan(0);
});

test('begins when the event store does', async () => {
  await write(0, 5);
  await process.kill();
  const model = new ReadModel();
  const failed = Promise.withResolvers<void>();
  const logger = silent.child({});
  logger.warn = () => failed.resolve();
  const projection = project(model, { logger });
  await failed.promise;
  expect(projection.status()).toMatchObject({ caughtUp: false, lastError: expect.any(String) });
  await process.start();
  await projection.caughtUp;
  expect(model.workers).toEqual(workers(0, 5));
});

test('a batch that fails comes again, and is seen to fail meanwhile', async () => {
  await write(0, 10);
  const model = new ReadModel();
  const seen: unknown[] = [];
  let left = 2;
  const projection = project(model, {
    handle: (batch) => {
      seen.push(projection.status().lastError);
      left -= 1;
      if (left >= 0) throw new Error('disk full');
      model.handle(batch);
    },
  });
  await projection.caughtUp;
  expect(seen.slice(0, 3)).toEqual([null, 'disk full', 'disk full']);
  expect(model.workers).toEqual(workers(0, 10));
  expect(projection.status().lastError).toBeNull();
});

test('passes over what it does not know, counts it, and moves its checkpoint past it', async () => {
  await write(0, 3);
  const foreign = jsonEvent({ type: 'OperationTeleported', data: { to: 'Mars' } });
  await connection.client.appendToStream('somebody-else', foreign);
  const model = new ReadModel();
  const unknown: unknown[] = [];
  const projection = project(model, { onUnknown: (error) => unknown.push(error) });
  await projection.caughtUp;
  expect(projection.status().unknownEvents).toBe(1);
  expect(unknown).toMatchObject([{ name: 'UnknownEvent', type: 'OperationTeleported' }]);
  await projection.stop();
  const again = project(model);
  await again.caughtUp;
  expect(again.status().unknownEvents).toBe(0);
  expect(model.workers).toEqual(workers(0, 3));
});

test('stops before an event in a newer shape, and says so', async () => {
  await write(0, 3);
  const metadata = { ...cause, at: new Date().toISOString(), schemaVersion: 99 };
  const data = { operationId: newId(), worker: 'w' };
  await connection.client.appendToStream('newer', jsonEvent({ type: 'OperationClaimed', data, metadata }));
  await write(3, 4);
  const model = new ReadModel();
  const failed = Promise.withResolvers<void>();
  const logger = silent.child({});
  logger.warn = () => failed.resolve();
  const projection = project(model, { logger });
  await failed.promise;
  expect(model.workers).toEqual(workers(0, 3));
  expect(projection.status().lastError).toMatch('schema version 99');
});

test('moves its checkpoint past many events that are filtered out', async () => {
  await write(0, 1);
  const system = Array.from({ length: 3000 }, () => jsonEvent({ type: '$noise', data: {} }));
  await connection.client.appendToStream('noise', system);
  const model = new ReadModel();
  const projection = project(model);
  await projection.caughtUp;
  const end = connection.client.readAll({ direction: 'backwards', fromPosition: 'end', maxCount: 1 });
  for await (const { event } of end) expect(model.checkpoint).toBe(event?.position.commit);
  expect(model.workers).toEqual(['w0']);
});

test('projects nothing of another event store than the one it knows', async () => {
  await write(0, 5);
  const model = new ReadModel();
  const foreign = Promise.withResolvers<void>();
  project(model, { newestEvent: { position: 10n ** 12n, id: newId() }, onForeign: foreign.resolve });
  await foreign.promise;
  expect(model.workers).toEqual([]);

  await project(model).caughtUp;
  const { events } = await connection.read('nothing');
  expect(events).toEqual([]);
  expect(model.workers).toHaveLength(5);
});

test('a slow reader is not overrun, nor its checkpoint ahead of what it has read', async () => {
  const id = newId();
  const many = Array.from({ length: 5000 }, (_, index) => claimed(id, `w${index}`));
  for (let at = 0; at < many.length; at += 1000) {
    const expectedRevision = at === 0 ? 'no_stream' : BigInt(at - 1);
    await connection.append(streams.operation(id), many.slice(at, at + 1000), { expectedRevision, cause });
  }
  const model = new ReadModel();
  const projection = project(model, {
    maxBatch: 50,
    handle: async (batch) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      model.handle(batch);
    },
  });
  await projection.caughtUp;
  expect(model.workers).toEqual(workers(0, 5000));
});
