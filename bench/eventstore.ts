/**
 * What the embedded event store costs over the disk below it. All figures come from one run on one disk, the rounds of each
 * measurement in turn with those of the limit it is compared to, so that a busy machine disturbs both alike; medians are shown.
 *
 *   node bench/eventstore.ts [--json FILE] [--directory DIR] [--seconds N] [--rounds N]
 */
import { EventStoreDBClient, START } from '@eventstore/db-client';
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { report } from './report.ts';
import { cpuOf, event, memoryOf, startEventStore } from './support/event-store-process.ts';
import { median, medianRate, toRate, type Rate } from './support/rates.ts';

const WRITERS = [1, 8, 64];
const READ_EVENTS = 10_000;

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    directory: { type: 'string', default: tmpdir() },
    seconds: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '3' },
  },
});
const roundMs = Number(values.seconds) * 1000;
const rounds = Number(values.rounds);
const directory = mkdtempSync(join(values.directory, 'alfa-bench-eventstore-'));

/** Repeats something synchronous for a round. */
function measure(act: (n: number) => void): Rate {
  const latencies: number[] = [];
  const started = performance.now();
  for (let n = 0; performance.now() - started < roundMs; n += 1) {
    const before = performance.now();
    act(n);
    latencies.push(performance.now() - before);
  }
  return toRate(latencies, performance.now() - started);
}

/** The limit: one event, one transaction, one sync to disk, with nothing around it. */
function sqliteLimit(round: number): Rate {
  const database = new DatabaseSync(join(directory, `limit-${round}.db`));
  database.exec(`
    PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE events (position INTEGER PRIMARY KEY, stream INTEGER, revision INTEGER, data BLOB);
  `);
  const insert = database.prepare('INSERT INTO events (stream, revision, data) VALUES (1, ?, ?)');
  const rate = measure((n) => insert.run(n, JSON.stringify(event(n))));
  database.close();
  return rate;
}

function bareSync(round: number): Rate {
  const file = openSync(join(directory, `sync-${round}`), 'w');
  const block = Buffer.alloc(4096);
  const rate = measure(() => {
    writeSync(file, block);
    fsyncSync(file);
  });
  closeSync(file);
  return rate;
}

interface AppendRate extends Rate {
  readonly serverCpuMicroseconds: number;
}

async function appends(
  client: EventStoreDBClient,
  pid: number,
  writers: number,
  round: number,
): Promise<AppendRate> {
  const latencies: number[] = [];
  const cpuBefore = cpuOf(pid);
  const started = performance.now();
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      const stream = `bench-${writers}-${round}-${writer}`;
      for (let n = 0; performance.now() - started < roundMs; n += 1) {
        const before = performance.now();
        const expectedRevision = n === 0 ? 'no_stream' : BigInt(n - 1);
        await client.appendToStream(stream, event(n), { expectedRevision });
        latencies.push(performance.now() - before);
      }
    }),
  );
  const rate = toRate(latencies, performance.now() - started);
  return { ...rate, serverCpuMicroseconds: (cpuOf(pid) - cpuBefore) / latencies.length };
}

async function perSecond(count: number, work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (count / (performance.now() - started)) * 1000;
}

const readAll = (client: EventStoreDBClient): Promise<number> =>
  perSecond(READ_EVENTS, async () => {
    let seen = 0;
    for await (const _ of client.readAll({ maxCount: READ_EVENTS })) seen += 1;
    if (seen !== READ_EVENTS) throw new Error(`read ${seen} events`);
  });

const subscribeToAll = (client: EventStoreDBClient): Promise<number> =>
  perSecond(READ_EVENTS, async () => {
    const subscription = client.subscribeToAll({ fromPosition: START });
    let seen = 0;
    for await (const _ of subscription) {
      seen += 1;
      if (seen === READ_EVENTS) break;
    }
    await subscription.unsubscribe();
  });

async function run() {
  const server = await startEventStore(join(directory, 'store'));
  const { pid, connectionString } = server;
  const client = EventStoreDBClient.connectionString(connectionString);
  try {
    const atRest = memoryOf(pid);
    // Both sides compiled and connected before anything counts.
    for (let n = 0; n < READ_EVENTS; n += 500) {
      await client.appendToStream(
        'warm-up',
        Array.from({ length: 500 }, (_, i) => event(n + i)),
      );
    }
    await appends(client, pid, 8, -1);
    const measured = {
      sync: [] as Rate[],
      limit: [] as Rate[],
      writers: WRITERS.map((writers) => ({ writers, rates: [] as AppendRate[] })),
      readAll: [] as number[],
      subscribeToAll: [] as number[],
    };
    for (let round = 0; round < rounds; round += 1) {
      measured.sync.push(bareSync(round));
      measured.limit.push(sqliteLimit(round));
      for (const { writers, rates } of measured.writers)
        rates.push(await appends(client, pid, writers, round));
      measured.readAll.push(await readAll(client));
      measured.subscribeToAll.push(await subscribeToAll(client));
    }
    const limit = medianRate(measured.limit);
    return {
      sync: medianRate(measured.sync),
      limit,
      appends: measured.writers.map(({ writers, rates }) => {
        const rate = medianRate(rates);
        return {
          writers,
          ...rate,
          timesLimit: rate.perSecond / limit.perSecond,
          serverCpuMicroseconds: median(rates.map((rate) => rate.serverCpuMicroseconds)),
        };
      }),
      readAllPerSecond: median(measured.readAll),
      subscribeToAllPerSecond: median(measured.subscribeToAll),
      memory: { atRest, afterLoad: memoryOf(pid) },
    };
  } finally {
    await client.dispose();
    await server.stop();
  }
}

async function show(result: Awaited<ReturnType<typeof run>>): Promise<void> {
  const { sync, limit, memory } = result;
  const lone = result.appends.find(({ writers }) => writers === 1);
  const most = result.appends.at(-1);
  const overSync = (lone?.p50Ms ?? Number.NaN) - sync.p50Ms;
  const timesLimit = most?.timesLimit ?? Number.NaN;
  await report(
    'eventstore',
    'Embedded event store over the disk below it',
    [
      { measurement: 'write and fsync of 4 KiB', ...sync },
      { measurement: 'SQLite, one transaction an append (the limit)', ...limit, timesLimit: 1 },
      ...result.appends.map(({ writers, ...rate }) => ({
        measurement: `gRPC append, ${writers} writer${writers === 1 ? '' : 's'}`,
        ...rate,
      })),
      { measurement: 'read $all, events', perSecond: result.readAllPerSecond },
      { measurement: 'subscribe to $all, events', perSecond: result.subscribeToAllPerSecond },
      { measurement: 'server at rest', ...memory.atRest },
      { measurement: 'server after load', ...memory.afterLoad },
    ],
    [
      { name: 'lone append over fsync, p50 ms', value: overSync, aim: '≤ 2', met: overSync <= 2 },
      { name: '64 writers over the limit', value: timesLimit, aim: '≥ 4', met: timesLimit >= 4 },
    ],
  );
}

try {
  await show(await run());
} finally {
  rmSync(directory, { recursive: true, force: true });
}
