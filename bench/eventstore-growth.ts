/**
 * The embedded event store as it grows: appends against the length of their stream, reads and subscriptions against a bare server that sends ready bytes, what a long
 * append costs the others, and memory. All in one run, in turns.
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
import { event, memoryOf, startEventStore, startReadyBytes } from './support/event-store-process.ts';
import type { ServerProcess } from './support/event-store-process.ts';
import { median, toRate, type Rate } from './support/rates.ts';

const LONG_APPEND = fileURLToPath(new URL('./support/long-append.ts', import.meta.url));
const LENGTHS = [0, 10_000, 200_000];
const READ_EVENTS = 50_000;
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

async function perSecond(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (READ_EVENTS / (performance.now() - started)) * 1000;
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
    const timed = async (call: () => Promise<unknown>): Promise<void> => {
      const before = performance.now();
      await call();
      longest = Math.max(longest, performance.now() - before);
    };
    const stream = `beside-${randomUUID()}`;
    while (!ended.signal.aborted) {
      // On a machine that has nothing left the parts of an append do not arrive within the two seconds that the protocol gives them.
      if (died.signal.aborted) throw new Error('The process that appends has died');
      await timed(() => client.appendToStream(stream, event(0)));
      await timed(async () => {
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
    for (const length of LENGTHS) await fill(client, `length-${length}`, length);
    for (const kind of kinds) {
      await READS[kind](bareClient);
      await READS[kind](client);
    }
    const reads = kinds.map((kind) => ({ kind, ours: [] as number[], bare: [] as number[] }));
    const byLength = LENGTHS.map((length) => ({ length, p50Ms: [] as number[] }));
    for (let round = 0; round < rounds; round += 1) {
      for (const each of reads) {
        each.bare.push(await perSecond(() => READS[each.kind](bareClient)));
        each.ours.push(await perSecond(() => READS[each.kind](client)));
      }
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
  reads: readonly { kind: string; ours: number[]; bare: number[] }[],
  byLength: readonly { length: number; p50Ms: number[] }[],
  beside: readonly number[],
  memory: { rssMb: number; ownMb: number },
): Promise<void> {
  const share = (each: { ours: number[]; bare: number[] }) => median(each.ours) / median(each.bare);
  const growth = median(byLength.at(-1)?.p50Ms ?? []) / median(byLength[0]?.p50Ms ?? []);
  await report(
    'eventstore-growth',
    'Embedded event store: length of streams, reads against ready bytes, long appends',
    [
      ...reads.map((each) => ({
        measurement: `${each.kind}, events`,
        perSecond: median(each.ours),
        bareServer: median(each.bare),
        share: share(each),
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
