import { EventStoreDBClient, binaryEvent } from '@eventstore/db-client';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { EmbeddedEventStore } from '../src/index.ts';
import { startEmbeddedEventStore } from '../src/index.ts';
import {
  APPEND_PATHS,
  appendVia,
  collect,
  counted,
  failureOf,
  newStream,
  realServer,
  useDirectory,
} from './support.ts';

const bytes = (size: number) => binaryEvent({ type: 'bytes', data: new Uint8Array(size) });

(realServer === undefined ? describe : describe.skip)('limits that a store was started with', () => {
  const directory = useDirectory();
  const context = {} as { store: EmbeddedEventStore; client: EventStoreDBClient };
  beforeAll(async () => {
    context.store = await startEmbeddedEventStore({
      directory: directory(),
      maxAppendBytes: 10_000,
      maxQueuedBytes: 20_000,
    });
    context.client = EventStoreDBClient.connectionString(context.store.connectionString);
  });
  afterAll(async () => {
    await context.client.dispose();
    await context.store.stop();
  });

  test.each(APPEND_PATHS)('size of one append: %s', async (_name, path) => {
    const append = appendVia(context, path);
    expect(await failureOf(append(newStream(), bytes(9_991)))).toMatchObject({
      type: 'maximum-append-size-exceeded',
      maxAppendSize: 10_000,
    });
    expect(await append(newStream(), bytes(9_990))).toMatchObject({ success: true });
  });

  test.each([
    ['batch append', {}, { type: 'unknown', message: 'Could not recognize Server Is Too Busy' }],
    [
      'classic append',
      APPEND_PATHS[1][1],
      { type: 'unavailable', message: expect.stringContaining('Server Is Too Busy') },
    ],
  ])(
    'data that waits: %s is told that the server is too busy, and works again',
    async (_name, path, failure) => {
      const append = appendVia(context, path);
      // Small enough for one append, but with what each event costs in memory more than may wait.
      const events = Array.from({ length: 300 }, () => bytes(10));
      expect(await failureOf(append(newStream(), events))).toMatchObject(failure);
      const stream = newStream();
      expect(await append(stream, counted(3))).toMatchObject({ nextExpectedRevision: 2n });
      expect(await collect(context.client.readStream(stream))).toHaveLength(3);
    },
  );
});
