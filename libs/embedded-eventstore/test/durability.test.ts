import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import type { Counted, ServerProcess } from './support.ts';
import { collect, realServer, startProcess, useDirectory } from './support.ts';

/** The classic path: a broken batch stream would take the pending appends of the next client with it. */
const CLASSIC = { credentials: { username: 'admin', password: 'changeit' } };
const WRITERS = 16;
const PER_WRITER = 40;

const eventId = (writer: number, n: number): string => {
  const hex = createHash('sha256').update(`${writer}/${n}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};
const eventOf = (writer: number, n: number) =>
  jsonEvent<Counted>({ id: eventId(writer, n), type: 'counted', data: { n } });
const streamOf = (writer: number) => `writer-${writer}`;
const expectedAt = (n: number) => (n === 0 ? ('no_stream' as const) : BigInt(n - 1));

async function withClient<T>(
  server: ServerProcess,
  work: (client: EventStoreDBClient) => Promise<T>,
): Promise<T> {
  const client = EventStoreDBClient.connectionString(server.connectionString);
  try {
    return await work(client);
  } finally {
    await client.dispose();
  }
}

(realServer === undefined ? describe : describe.skip)('kill -9 during writes', () => {
  const directory = useDirectory();

  test('loses nothing that was acknowledged, and a retry by the same ids doubles nothing', async () => {
    const acknowledged = Array.from({ length: WRITERS }, () => 0);
    for (let round = 0; round < 3; round += 1) {
      const server = await startProcess(directory());
      await withClient(server, async (client) => {
        let sinceStart = 0;
        const killAt = (round + 1) * 60;
        const writers = acknowledged.map(async (_, writer) => {
          while ((acknowledged[writer] ?? 0) < PER_WRITER) {
            const n = acknowledged[writer] ?? 0;
            await client.appendToStream(streamOf(writer), eventOf(writer, n), {
              expectedRevision: expectedAt(n),
              ...CLASSIC,
            });
            acknowledged[writer] = n + 1;
            sinceStart += 1;
            // While the other writers wait for their answers.
            if (sinceStart === killAt) process.kill(server.pid, 'SIGKILL');
          }
        });
        const outcomes = await Promise.allSettled(writers);
        expect(outcomes.some(({ status }) => status === 'rejected')).toBe(true);
        await server.kill();
      });
    }
    const server = await startProcess(directory());
    await withClient(server, async (client) => {
      for (const [writer, count] of acknowledged.entries()) {
        if (count > 0) {
          const before = await collect(client.readStream<Counted>(streamOf(writer)));
          expect(before.slice(0, count).map(({ event }) => event?.id)).toEqual(
            Array.from({ length: count }, (_, n) => eventId(writer, n)),
          );
        }
        // Everything once more: what arrived is recognised, what did not is written.
        for (let n = Math.max(0, count - 2); n < PER_WRITER; n += 1) {
          await client.appendToStream(streamOf(writer), eventOf(writer, n), {
            expectedRevision: expectedAt(n),
            ...CLASSIC,
          });
        }
        const after = await collect(client.readStream<Counted>(streamOf(writer)));
        expect(after.map(({ event }) => event?.data.n)).toEqual(
          Array.from({ length: PER_WRITER }, (_, n) => n),
        );
      }
      const positions = (await collect(client.readAll())).map(({ event }) => event?.position?.commit ?? 0n);
      expect(positions).toHaveLength(WRITERS * PER_WRITER);
      expect(new Set(positions).size).toBe(positions.length);
    });
    await server.stop();
  });
});

(realServer === undefined ? describe : describe.skip)('kill -9 during an append of 3,000 events', () => {
  const directory = useDirectory();
  const longOf = (round: number) => Array.from({ length: 3000 }, (_, n) => eventOf(100 + round, n));
  const idsOf = (events: readonly { id: string }[]): string[] => events.map(({ id }) => id);

  /** Writes short events beside the long append and kills when so many have been acknowledged. Resolves to what has been. */
  async function killedAfter(count: number, round: number): Promise<{ long: boolean; others: string[] }> {
    const server = await startProcess(directory());
    return withClient(server, async (client) => {
      const append = client.appendToStream(streamOf(round), longOf(round), CLASSIC);
      const long = append.then(
        () => true,
        () => false,
      );
      const others = Array.from({ length: count }, (_, n) => eventOf(200 + round, n));
      for (const event of others) await client.appendToStream('others', event, CLASSIC);
      await server.kill();
      return { long: await long, others: idsOf(others) };
    });
  }

  test('leaves all of it or nothing, and what was acknowledged', async () => {
    const acknowledged: string[] = [];
    for (const [round, count] of [1, 4].entries()) {
      const { long, others } = await killedAfter(count, round);
      acknowledged.push(...others);
      const server = await startProcess(directory());
      await withClient(server, async (client) => {
        const ids = async (stream: string): Promise<unknown[]> =>
          (await collect(client.readAll())).flatMap(({ event }) =>
            event?.streamId === stream ? event.id : [],
          );
        expect(await ids('others')).toEqual(acknowledged);
        const wanted = idsOf(longOf(round));
        const left = await ids(streamOf(round));
        expect(left).toEqual(long || left.length > 0 ? wanted : []);
        // The client repeats what was not acknowledged.
        await client.appendToStream(streamOf(round), longOf(round), CLASSIC);
        expect(await ids(streamOf(round))).toEqual(wanted);
      });
      await server.stop();
    }
  });
});

(realServer === undefined ? describe : describe.skip)('a restart', () => {
  const directory = useDirectory();

  test('keeps events, metadata, deletions and the knowledge of ids', async () => {
    const before = await startProcess(directory());
    const written = await withClient(before, async (client) => {
      const result = await client.appendToStream('kept', [eventOf(0, 0), eventOf(0, 1)], CLASSIC);
      await client.setStreamMetadata('kept', { maxCount: 1 }, CLASSIC);
      await client.appendToStream('deleted', eventOf(1, 0), CLASSIC);
      await client.deleteStream('deleted');
      await client.appendToStream('ended', eventOf(2, 0), CLASSIC);
      await client.tombstoneStream('ended');
      return result;
    });
    expect(await before.stop()).toBe(0);
    const after = await startProcess(directory());
    await withClient(after, async (client) => {
      const again = await client.appendToStream('kept', [eventOf(0, 0), eventOf(0, 1)], CLASSIC);
      expect(again).toEqual(written);
      expect(await collect(client.readStream('kept'))).toHaveLength(1);
      await expect(collect(client.readStream('deleted'))).rejects.toMatchObject({ type: 'stream-not-found' });
      await expect(collect(client.readStream('ended'))).rejects.toMatchObject({ type: 'stream-deleted' });
    });
    await after.stop();
  });
});
