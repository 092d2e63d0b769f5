/**
 * (c) Replay: how many events a second the projector turns into read models on disk, from an empty file,
 * against reading the same `$all` with the bare client and doing nothing with the events. Same store, same process, taken in turns.
 */
import { createProjector } from '@alfa-cloud/projector';
import { clientIdOf, clientStory, serverStory, type PlacedEvent } from '@alfa-cloud/projector/testing';
import { deriveId } from '@alfa-cloud/contracts';
import { connectEventStore, type EventStoreConnection } from '@alfa-cloud/event-sourcing';
import { inMemoryVault } from '@alfa-cloud/secrets/testing';
import { createLogger, createMetrics } from '@alfa-cloud/service-kit';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { report } from './report.ts';

const clients = 1200;
const writers = 48;
const rounds = 5;
const aimShare = 0.8;
const pollMs = 2;

const logger = createLogger({ service: 'bench', level: 'error' });
const vault = inMemoryVault();

/** One client's events, its personal data sealed by a key of its own as in production. */
const clientEvents = async (index: number): Promise<PlacedEvent[]> => {
  const slug = `lab-${index}`;
  const scope = `client.${clientIdOf(slug)}` as const;
  await vault.ensureKey(scope);
  const personal = {
    name: `Лаборатория ${index}`,
    email: `lab${index}@example.test`,
    ownerLogin: slug,
    notes: '',
  };
  const sealed = await vault.seal(scope, JSON.stringify(personal));
  const ending = index % 20 === 0 ? 'error' : 'ok';
  return clientStory({ slug, server: `server-${index % 20}`, personal: sealed, ending });
};

/** Several stories at a time, event by event, so that streams interleave as those of running operations do. */
const fill = async (store: EventStoreConnection): Promise<number> => {
  const stories: (() => Promise<PlacedEvent[]>)[] = [];
  for (let index = 0; index < 20; index += 1) stories.push(async () => serverStory(`server-${index}`));
  for (let index = 0; index < clients; index += 1) stories.push(() => clientEvents(index));
  const cause = { commandId: 'bench', correlationId: 'bench', causationId: 'bench', actor: 'bench' };
  let written = 0;
  const writer = async (): Promise<void> => {
    for (let story = stories.shift(); story !== undefined; story = stories.shift()) {
      const revisions = new Map<string, bigint>();
      for (const { stream, event } of await story()) {
        const expectedRevision = revisions.get(stream) ?? 'no_stream';
        const id = deriveId(stream, String(expectedRevision));
        const { revision } = await store.append(stream, [{ id, event }], { expectedRevision, cause });
        revisions.set(stream, revision);
        written += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: writers }, writer));
  return written;
};

const secondsOf = async (act: () => Promise<void>): Promise<number> => {
  const begun = performance.now();
  await act();
  return (performance.now() - begun) / 1000;
};

const readBare = (store: EventStoreConnection) =>
  secondsOf(async () => {
    let read = 0;
    for await (const { event } of store.client.readAll()) if (event !== undefined) read += 1;
    if (read === 0) throw new Error('Nothing was read');
  });

const replay = async (store: EventStoreConnection, file: string): Promise<number> => {
  let told: () => bigint | null = () => null;
  const messaging = {
    feed: { publish: () => undefined, subscribe: () => () => undefined },
    serveQueries: async (_service: string, _handlers: unknown, options: { position: typeof told }) => {
      told = options.position;
      return { stop: async () => undefined };
    },
  };
  const metrics = createMetrics('projector');
  const projector = createProjector(
    { readModelsFiles: [file] },
    { eventStore: store, messaging, vault, logger, metrics },
  );
  const seconds = await secondsOf(async () => {
    await projector.start();
    // No position is told before the read models are built.
    while (told() === null) await pause(pollMs);
  });
  await projector.stop();
  return seconds;
};

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;

const directory = await mkdtemp(join(tmpdir(), 'alfa-bench-replay-'));
const server = spawn(
  process.execPath,
  [
    '--no-warnings',
    'libs/embedded-eventstore/src/main.ts',
    '--directory',
    join(directory, 'events'),
    '--port',
    '0',
    '--exit-with-parent',
  ],
  { stdio: ['pipe', 'pipe', 'inherit'] },
);
try {
  const [line] = (await once(createInterface(server.stdout), 'line')) as [string];
  const { connectionString } = JSON.parse(line) as { connectionString: string };
  const store = connectEventStore({ connectionString, logger });
  const events = await fill(store);
  const bare: number[] = [];
  const projected: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const read = await readBare(store);
    const replayed = await replay(store, join(directory, `read-models-${round}.sqlite`));
    // The first round warms up caches and the compiler.
    if (round === 0) continue;
    bare.push(events / read);
    projected.push(events / replayed);
  }
  const rows = [
    {
      what: 'bare client reads $all',
      'events/s': median(bare),
      slowest: Math.min(...bare),
      fastest: Math.max(...bare),
    },
    {
      what: 'projector replays into SQLite',
      'events/s': median(projected),
      slowest: Math.min(...projected),
      fastest: Math.max(...projected),
    },
  ];
  const share = median(projected) / median(bare);
  await report('replay', `(c) Replay of ${events} events of ${clients} client creations`, rows, [
    { name: 'share of the bare read', value: share, aim: `≥ ${aimShare}`, met: share >= aimShare },
  ]);
  await store.close();
} finally {
  server.kill();
  await rm(directory, { recursive: true, force: true });
}
