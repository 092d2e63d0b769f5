/**
 * Files that the versions of commits ae86f1c and a772dff wrote, both of format 1: ten events `counted` and a binary one in `plain`, six in `limited` with `$maxCount` 3, the soft-deleted
 * `deleted`, the tombstoned `ended`, a link to `4@plain` in `links`, and `имя`.
 */
import { EventStoreDBClient, START } from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EmbeddedEventStore } from '../src/index.ts';
import { startEmbeddedEventStore } from '../src/index.ts';
import { Watched, collect, counted, dataOf, failureOf, realServer, revisionsOf } from './support.ts';

const recorded = (commit: string): string =>
  fileURLToPath(new URL(`recorded/by-${commit}.db`, import.meta.url));
const CLASSIC = { credentials: { username: 'admin', password: 'changeit' } };

let directory = '';
let store: EmbeddedEventStore;
let client: EventStoreDBClient;
const open = async (): Promise<void> => {
  store = await startEmbeddedEventStore({ directory });
  client = EventStoreDBClient.connectionString(store.connectionString);
};
const close = async (): Promise<void> => {
  await client.dispose();
  await store.stop();
};
const events = (stream: string) => collect(client.readStream(stream));
/** The id that the n-th event of the recorded file has. */
const idOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

(realServer === undefined ? describe : describe.skip).each(['ae86f1c', 'a772dff'])(
  'a file by %s',
  (commit) => {
    beforeEach(async () => {
      directory = await mkdtemp(join(tmpdir(), 'alfa-eventstore-'));
      await copyFile(recorded(commit), join(directory, 'eventstore.db'));
      await open();
    });
    afterEach(async () => {
      await close();
      await rm(directory, { recursive: true });
    });

    test('is read as it was written', async () => {
      const plain = await events('plain');
      expect(plain.slice(0, 10).map(dataOf)).toEqual(Array.from({ length: 10 }, (_, n) => ({ n })));
      expect(plain[3]?.event).toMatchObject({ id: idOf(3), type: 'counted', metadata: { by: 'former' } });
      expect(plain[3]?.event?.created.toISOString()).toMatch(/^2026-11-26T/);
      expect([...(dataOf(plain[10]) as Uint8Array)]).toEqual([0, 255, 7]);
      expect(revisionsOf(await events('limited'))).toEqual([3, 4, 5]);
      expect((await client.getStreamMetadata('limited')).metadata).toEqual({ maxCount: 3 });
      expect(await failureOf(events('deleted'))).toMatchObject({ type: 'stream-not-found' });
      expect(await failureOf(events('ended'))).toMatchObject({ type: 'stream-deleted' });
      const [link] = await collect(client.readStream('links', { resolveLinkTos: true }));
      expect(link?.event?.id).toBe(idOf(4));
      expect(await events('имя')).toHaveLength(1);
      expect(await collect(client.readAll())).toHaveLength(27);
    });

    test('is written on, knows what was written, and opens again', async () => {
      const again = counted(10).map((event, n) => ({ ...event, id: idOf(n) }));
      const retried = await client.appendToStream('plain', again, CLASSIC);
      expect(retried.nextExpectedRevision).toBe(9n);
      await client.appendToStream('plain', counted(600), { ...CLASSIC, expectedRevision: 10n });
      await client.appendToStream('deleted', counted(1), CLASSIC);
      await client.appendToStream('limited', counted(1), CLASSIC);
      expect(await failureOf(client.appendToStream('ended', counted(1), CLASSIC))).toMatchObject({
        type: 'stream-deleted',
      });
      await close();
      await open();
      expect(revisionsOf(await events('plain'))).toEqual([...Array(611).keys()]);
      expect(revisionsOf(await events('deleted'))).toEqual([3]);
      expect(revisionsOf(await events('limited'))).toEqual([4, 5, 6]);
    });

    test('is followed from its first event into what comes', async () => {
      const subscription = client.subscribeToAll({ fromPosition: START });
      const watched = new Watched(subscription);
      await watched.until(({ caughtUp }) => caughtUp > 0);
      expect(watched.events).toHaveLength(27);
      await client.appendToStream('plain', counted(2), CLASSIC);
      await watched.until(({ events: seen }) => seen.length === 29);
      expect(revisionsOf(watched.events.slice(27))).toEqual([11, 12]);
      await subscription.unsubscribe();
    });
  },
);
