/**
 * What the embedded event store costs over the disk below it. All figures come from one run on one disk, the rounds of each
 * measurement in turn with those of the limit it is compared to, so that a busy machine disturbs both alike; medians are shown.
 *
 *   node bench/eventstore.ts [--json FILE] [--directory DIR] [--seconds N] [--rounds N]
 */
import { EventStoreDBClient, START, jsonEvent } from '@eventstore/db-client';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fsyncSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { report } from './report.ts';

const MAIN = fileURLToPath(new URL('../libs/embedded-eventstore/src/main.ts', import.meta.url));
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

interface Rate {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const event = (n: number) =>
  jsonEvent({
    type: 'client-image-switched',
    data: { n, client: 'c-4711', image: 'alfa:2026.11', note: 'x'.repeat(150) },
    metadata: { command: 'switch', actor: 'admin' },
  });

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
const median = (numbers: readonly number[]): number =>
  percentile(
    [...numbers].sort((a, b) => a - b),
    0.5,
  );
const medianRate = (rates: readonly Rate[]): Rate => ({
  perSecond: median(rates.map((rate) => rate.perSecond)),
  p50Ms: median(rates.map((rate) => rate.p50Ms)),
  p99Ms: median(rates.map((rate) => rate.p99Ms)),
});

function toRate(latencies: number[], elapsedMs: number): Rate {
  latencies.sort((a, b) => a - b);
  return {
    perSecond: (latencies.length / elapsedMs) * 1000,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
  };
}

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

/** CPU time of a process so far, in microseconds. */
function cpuOf(pid: number): number {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').slice(11) ?? [];
  // In hundredths of a second.
  return (Number(user) + Number(system)) * 10_000;
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

/** Memory of a process in MB: all that is resident, and what of it no other process could share. */
function memoryOf(pid: number): { rssMb: number; ownMb: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (name: string): number =>
    Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
  return { rssMb: megabytes('VmRSS'), ownMb: megabytes('RssAnon') };
}

async function run() {
  const server = spawn(
    process.execPath,
    [MAIN, '--directory', join(directory, 'store'), '--port', '0', '--exit-with-parent'],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const pid = server.pid ?? 0;
  const exited = once(server, 'exit');
  const [line] = (await once(createInterface(server.stdout), 'line')) as [string];
  const { connectionString } = JSON.parse(line) as { connectionString: string };
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
    server.kill('SIGTERM');
    await exited;
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
