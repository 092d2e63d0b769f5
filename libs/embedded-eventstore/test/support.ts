import type {
  AllStreamSubscription,
  AppendExpectedRevision,
  AppendResult,
  EventData,
  JSONEventType,
  Position,
  ResolvedEvent,
  StreamSubscription,
} from '@eventstore/db-client';
import { EventStoreDBClient, binaryEvent, jsonEvent } from '@eventstore/db-client';
import { afterAll, beforeAll, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Set to the connection string of a real server to see whether this suite, and so the embedded server, tells the truth. */
export const realServer = process.env['ESDB_URL'];

/** For what is deliberately better here than in a real server; README.md lists it under "Stronger here". */
export const strongerHere = realServer === undefined ? test : test.skip;

export const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

export interface ServerProcess {
  readonly connectionString: string;
  readonly pid: number;
  readonly exited: Promise<number | null>;
  /** As the power goes out for the process: no handler runs. */
  kill(): Promise<void>;
  stop(): Promise<number | null>;
}

/** Starts the command in a process of its own, as the product does. */
export async function startProcess(directory: string): Promise<ServerProcess> {
  const child = spawn(
    process.execPath,
    [MAIN, '--directory', directory, '--port', '0', '--exit-with-parent'],
    {
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const errors: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  const listening = once(createInterface(child.stdout), 'line').then(
    ([line]) => (JSON.parse(line as string) as { connectionString: string }).connectionString,
  );
  const connectionString = await Promise.race([
    listening,
    exited.then((code) => {
      throw new Error(`exit ${code}: ${errors.join('')}`);
    }),
  ]);
  const end = (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return exited;
  };
  return {
    connectionString,
    pid: child.pid ?? 0,
    exited,
    kill: async () => {
      await end('SIGKILL');
    },
    stop: () => end('SIGTERM'),
  };
}

/** A directory that is gone after the tests of the file. */
export function useDirectory(): () => string {
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'alfa-eventstore-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));
  return () => directory;
}

/**
 * One server and one client for the tests of a file: pending appends of several clients in one process are not independent
 * of each other in this client library.
 */
export function useStore(): { client: EventStoreDBClient; connectionString: string } {
  const context = {} as { client: EventStoreDBClient; connectionString: string };
  let server: ServerProcess | undefined;
  const directory = useDirectory();
  beforeAll(async () => {
    if (realServer === undefined) server = await startProcess(directory());
    context.connectionString = realServer ?? server?.connectionString ?? '';
    context.client = EventStoreDBClient.connectionString(context.connectionString);
  });
  afterAll(async () => {
    await context.client?.dispose();
    await server?.stop();
  });
  return context;
}

export const newStream = (prefix = 'test'): string => `${prefix}-${randomUUID()}`;

/** A place in the log to begin from that is the beginning of a record on every server. */
export async function markPlace(context: { client: EventStoreDBClient }): Promise<Position> {
  const { position } = await context.client.appendToStream(newStream('marker'), counted(1));
  if (position === undefined) throw new Error('no position');
  return position;
}

export interface Counted extends JSONEventType<'counted', { n: number }> {}

/** Events that say their own number. */
export const counted = (count: number, from = 0) =>
  Array.from({ length: count }, (_, n) => jsonEvent<Counted>({ type: 'counted', data: { n: from + n } }));

/** The two ways in which the client appends: credentials make it use the older one. */
export const APPEND_PATHS = [
  ['batch append', {}],
  ['classic append', { credentials: { username: 'admin', password: 'changeit' } }],
] as const;

export type AppendPath = (typeof APPEND_PATHS)[number][1];

export const appendVia =
  (context: { client: EventStoreDBClient }, path: AppendPath) =>
  (
    stream: string,
    events: EventData | EventData[],
    expectedRevision: AppendExpectedRevision = 'any',
  ): Promise<AppendResult> =>
    context.client.appendToStream(stream, events, { expectedRevision, ...path });

export async function collect<T>(events: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** What an event holds. */
export const dataOf = (resolved: ResolvedEvent | undefined): unknown => resolved?.event?.data;

export const revisionsOf = (events: readonly ResolvedEvent[]): number[] =>
  events.map(({ event }) => Number(event?.revision));

/** A link to an event in a stream, as `<revision>@<stream>`. */
export const linkTo = (target: string) => binaryEvent({ type: '$>', data: Buffer.from(target) });

/** The error with which a promise is rejected. */
export async function failureOf(promise: Promise<unknown>): Promise<Record<string, unknown>> {
  const outcome: unknown = await promise.then(
    (value) => new Error(`resolved to ${String(value)}`),
    (error: unknown) => error,
  );
  return outcome as Record<string, unknown>;
}

/** What a subscription has shown so far, and a way to wait for more of it. */
export class Watched {
  readonly events: ResolvedEvent[] = [];
  readonly checkpoints: bigint[] = [];
  caughtUp = 0;
  confirmed = false;
  error: Record<string, unknown> | undefined;
  readonly #changed = new Set<() => void>();

  constructor(subscription: StreamSubscription | AllStreamSubscription) {
    const record = <T>(note: (value: T) => void) => {
      return (value: T): void => {
        note(value);
        for (const check of this.#changed) check();
      };
    };
    const source = subscription as NodeJS.ReadableStream;
    source.on(
      'data',
      record((event: ResolvedEvent) => this.events.push(event)),
    );
    source.on(
      'confirmation',
      record(() => (this.confirmed = true)),
    );
    source.on(
      'caughtUp',
      record(() => (this.caughtUp += 1)),
    );
    source.on(
      'error',
      record((error: Record<string, unknown>) => (this.error = error)),
    );
  }

  readonly noteCheckpoint = (position: bigint): void => {
    this.checkpoints.push(position);
    for (const check of this.#changed) check();
  };

  /** Resolves when the fact is there. The test's own timeout says when it never comes. */
  until(fact: (watched: this) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!fact(this)) return;
        this.#changed.delete(check);
        resolve();
      };
      this.#changed.add(check);
      check();
    });
  }

  get numbers(): number[] {
    return this.events.map((event) => (dataOf(event) as { n: number }).n);
  }
}
