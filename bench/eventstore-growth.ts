/**
 * The embedded event store as it grows: appends against the length of their stream, reads and subscriptions against a bare server that sends ready bytes, what a long
 * append costs the others, and memory. All in one run, in turns. Reads are many short ones, and the share is the median of those of neighbours: what else the machine does
 * then falls on both. CPU times are the servers' own.
 *
 *   node bench/eventstore-growth.ts [--json FILE] [--directory DIR] [--rounds N]
 */
import { EventStoreDBClient, START } from '@eventstore/db-client';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { report } from './report.ts';
import { cpuOf, event, memoryOf, startEventStore, startReadyBytes } from './support/event-store-process.ts';
import type { ServerProcess } from './support/event-store-process.ts';
import { mean, median, toRate, type Rate } from './support/rates.ts';

const LONG_APPEND = fileURLToPath(new URL('./support/long-append.ts', import.meta.url));
const LENGTHS = [0, 10_000, 200_000];
const READ_EVENTS = 20_000;
/** Reads of each kind on each server for each round of the rest. */
const READS_A_ROUND = 3;
const APPENDS = 300;
const LONG_EVENTS = 30_000;
const FILL = 1000;

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    directory: { type: 'string', default: tmpdir() },
    rounds: { type: 'string', default: '5' },
  },
});
const rounds = Number(values.rounds);
const directory = mkdtempSync(join(values.directory, 'alfa-bench-eventstore-growth-'));

const READS = {
  'read a stream': (client: EventStoreDBClient) =>
    count(client.readStream('bench', { maxCount: READ_EVENTS })),
  'read $all': (client: EventStoreDBClient) => count(client.readAll({ maxCount: READ_EVENTS })),
  'catch up on $all': async (client: EventStoreDBClient) => {
    const subscription = client.subscribeToAll({ fromPosition: START });
    await count(subscription, true);
    await subscription.unsubscribe();
  },
};
const kinds = Object.keys(READS) as (keyof typeof READS)[];

/** @param more whether events go on coming; a read has to be taken to its end, or the client does not let go of it */
async function count(events: AsyncIterable<unknown>, more = false): Promise<void> {
  let seen = 0;
  for await (const _ of events) {
    seen += 1;
    if (more && seen === READ_EVENTS) break;
  }
  if (seen !== READ_EVENTS) throw new Error(`${seen} events came`);
}

interface ReadRate {
  readonly perSecond: number;
  /** CPU time of the server an event, in microseconds. */
  readonly cpuUs: number;
}

interface Side {
  readonly client: EventStoreDBClient;
  readonly server: ServerProcess;
}

async function timed({ client, server }: Side, kind: keyof typeof READS): Promise<ReadRate> {
  const [started, cpuBefore] = [performance.now(), cpuOf(server.pid)];
  await READS[kind](client);
  const elapsedMs = performance.now() - started;
  return {
    perSecond: (READ_EVENTS / elapsedMs) * 1000,
    cpuUs: (cpuOf(server.pid) - cpuBefore) / READ_EVENTS,
  };
}

interface ReadResult {
  readonly kind: string;
  readonly ours: ReadRate[];
  readonly bare: ReadRate[];
}

/** Takes turns, and each goes first every other time. The first turns, in which both servers are still being compiled, do not count. */
async function compareReads(ours: Side, bare: Side): Promise<ReadResult[]> {
  const results = kinds.map((kind) => ({ kind, ours: [] as ReadRate[], bare: [] as ReadRate[] }));
  for (let turn = -2; turn < rounds * READS_A_ROUND; turn += 1) {
    for (const { kind, ...rates } of results) {
      const sides = [
        [ours, rates.ours],
        [bare, rates.bare],
      ] as const;
      for (const [side, into] of turn % 2 === 0 ? sides : sides.toReversed()) {
        const rate = await timed(side, kind);
        if (turn >= 0) into.push(rate);
      }
    }
  }
  return results;
}

async function fill(client: EventStoreDBClient, stream: string, length: number): Promise<void> {
  for (let n = 0; n < length; n += FILL) {
    const events = Array.from({ length: FILL }, (_, i) => event(n + i));
    await client.appendToStream(stream, events, { expectedRevision: n === 0 ? 'no_stream' : BigInt(n - 1) });
  }
}

/** One append after another, with no expected revision, where the ids have to be looked up. */
async function appends(client: EventStoreDBClient, stream: string): Promise<Rate> {
  const latencies: number[] = [];
  const started = performance.now();
  for (let n = 0; n < APPENDS; n += 1) {
    const before = performance.now();
    await client.appendToStream(stream, event(n));
    latencies.push(performance.now() - before);
  }
  return toRate(latencies, performance.now() - started);
}

/** The longest that a read and an append of others took while a long append was under way, ms. */
async function besideLongAppends(server: ServerProcess, client: EventStoreDBClient): Promise<number[]> {
  const child = spawn(
    process.execPath,
    ['--no-warnings', LONG_APPEND, server.connectionString, String(LONG_EVENTS)],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const lines = createInterface(child.stdout);
  await once(lines, 'line');
  const worst: number[] = [];
  const died = new AbortController();
  child.once('exit', () => died.abort());
  for (let round = 0; round < rounds; round += 1) {
    const ended = new AbortController();
    child.stdin.write('go\n');
    await once(lines, 'line');
    lines.once('line', () => ended.abort());
    let longest = 0;
    const clocked = async (call: () => Promise<unknown>): Promise<void> => {
      const before = performance.now();
      await call();
      longest = Math.max(longest, performance.now() - before);
    };
    const stream = `beside-${randomUUID()}`;
    while (!ended.signal.aborted) {
      // On a machine that has nothing left the parts of an append do not arrive within the two seconds that the protocol gives them.
      if (died.signal.aborted) throw new Error('The process that appends has died');
      await clocked(() => client.appendToStream(stream, event(0)));
      await clocked(async () => {
        for await (const _ of client.readStream(stream, { maxCount: 1 }));
      });
    }
    worst.push(longest);
  }
  const exited = once(child, 'exit');
  child.stdin.end();
  await exited;
  return worst;
}

async function run(): Promise<void> {
  const server = await startEventStore(join(directory, 'store'));
  const bare = await startReadyBytes(READ_EVENTS);
  const client = EventStoreDBClient.connectionString(server.connectionString);
  const bareClient = EventStoreDBClient.connectionString(bare.connectionString);
  try {
    await fill(client, 'bench', READ_EVENTS);
    // Before anything else is in the log: a subscription has to end where the bare server's does.
    const reads = await compareReads({ client, server }, { client: bareClient, server: bare });
    for (const length of LENGTHS) await fill(client, `length-${length}`, length);
    const byLength = LENGTHS.map((length) => ({ length, p50Ms: [] as number[] }));
    for (let round = 0; round < rounds; round += 1) {
      for (const each of byLength) {
        const stream = each.length === 0 ? `length-0-${round}` : `length-${each.length}`;
        each.p50Ms.push((await appends(client, stream)).p50Ms);
      }
    }
    const beside = await besideLongAppends(server, client);
    await show(reads, byLength, beside, memoryOf(server.pid));
  } finally {
    await client.dispose();
    await bareClient.dispose();
    await bare.stop();
    await server.stop();
  }
}

async function show(
  reads: readonly ReadResult[],
  byLength: readonly { length: number; p50Ms: number[] }[],
  beside: readonly number[],
  memory: { rssMb: number; ownMb: number },
): Promise<void> {
  const share = ({ ours, bare }: ReadResult) =>
    median(ours.map(({ perSecond }, turn) => perSecond / (bare[turn]?.perSecond ?? Number.NaN)));
  const rateOf = (rates: readonly ReadRate[]) => median(rates.map(({ perSecond }) => perSecond));
  const cpuUsOf = (rates: readonly ReadRate[]) => mean(rates.map(({ cpuUs }) => cpuUs));
  const growth = median(byLength.at(-1)?.p50Ms ?? []) / median(byLength[0]?.p50Ms ?? []);
  await report(
    'eventstore-growth',
    'Embedded event store: length of streams, reads against ready bytes, long appends',
    [
      ...reads.map((each) => ({
        measurement: `${each.kind}, events`,
        perSecond: rateOf(each.ours),
        bareServer: rateOf(each.bare),
        share: share(each),
        cpuUs: cpuUsOf(each.ours),
        bareCpuUs: cpuUsOf(each.bare),
      })),
      ...byLength.map(({ length, p50Ms }) => ({
        measurement: `append to a stream of ${length} events`,
        p50Ms: median(p50Ms),
      })),
      {
        measurement: `longest other call beside ${LONG_EVENTS} events`,
        p50Ms: median(beside),
        worstMs: Math.max(...beside),
      },
      { measurement: 'server afterwards', ...memory },
    ],
    [
      ...reads.map((each) => ({
        name: `${each.kind}, share of the bare server`,
        value: share(each),
        aim: '≥ 0.85',
        met: share(each) >= 0.85,
      })),
      { name: 'append to 200,000 over an empty stream', value: growth, aim: '≤ 1.3', met: growth <= 1.3 },
      { name: 'longest other call, ms', value: median(beside), aim: '≤ 100', met: median(beside) <= 100 },
    ],
  );
}

try {
  await run();
} finally {
  rmSync(directory, { recursive: true, force: true });
}
