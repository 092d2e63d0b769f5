/**
 * (e) `migrate_all` over many clients against two shell loops with the same parallelism, on the same engine and the same clients, one migration
 * to be done in each. The bare loop does nothing but migrate. The careful one does what the product does, as a person would write it: page, dump,
 * a check of the dump, page off, a look at the client. The product also tries one client first, writes settings and records it all.
 * The three take turns; shown are the medians, the CPU that each takes, and what each step of the product lasts.
 *
 * `npm run bench migrate-all`, with `ALFA_BENCH_CLIENTS` (50) and `ALFA_BENCH_ROUNDS` (3). Needs root, as it starts a Docker Engine.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { act, clientDocument, followCreation, registerServer } from '../embedded/test/support/caller.ts';
import { startWorld, type World } from '../embedded/test/support/world.ts';
import { report } from './report.ts';
import { measured } from './support/cpu-times.ts';
import { carefulMigrate, migrate, parallel, rollBack, shellLoop } from './support/shell-loops.ts';

const clients = Number(process.env['ALFA_BENCH_CLIENTS'] ?? 50);
const rounds = Number(process.env['ALFA_BENCH_ROUNDS'] ?? 3);
const aim = 1.6;

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

const slugs = Array.from({ length: clients }, (_, index) => `bench${index + 1}`);

interface Child {
  attributes: { steps: { name: string; durationMs: number | null }[] };
}

const stepsOf = async ({ call }: World, parentId: string): Promise<Map<string, number[]>> => {
  const { body } = await call('GET', `/operations?filter[parent]=${parentId}&page[size]=100`);
  const durations = new Map<string, number[]>();
  for (const { attributes } of body.data as Child[]) {
    for (const { name, durationMs } of attributes.steps) {
      durations.set(name, [...(durations.get(name) ?? []), durationMs ?? 0]);
    }
  }
  return durations;
};

const migrateAll = async ({ call }: World): Promise<string> => {
  const end = await act(call, 'POST', `/clients/migrate_all?waveSize=${parallel}`, undefined, 900_000);
  if (end.status !== 'ok') throw new Error(JSON.stringify(end.error));
  return end.id;
};

const world = await startWorld({
  env: {
    ALFA_BACKUP_EVERY_H: '0',
    ALFA_OPERATIONS_PER_SERVER: String(parallel),
    // Nothing but the sides shall work while they are measured.
    ALFA_AVAILABILITY_INTERVAL_S: '3600',
    ALFA_SETTINGS_WATCH_INTERVAL_S: '3600',
    ALFA_EXPIRY_WATCH_INTERVAL_S: '3600',
    ALFA_HEALTH_TIMEOUT_S: '120',
  },
});
try {
  const server = await registerServer(world.call);
  await Promise.all(
    slugs.map(async (slug) => {
      const document = clientDocument(server.id, slug, 'alfa/client:2', { limits: { memoryMb: 128 } });
      const { body } = await world.call('POST', '/clients/create', document);
      const { attributes } = await followCreation(world.call, body.data.id, 900_000);
      if (attributes.completed !== 'ok') throw new Error(JSON.stringify(attributes.error));
    }),
  );
  const root = world.env['ALFA_SERVER_ROOT'] ?? '';
  await mkdir(join(root, 'backups', 'loop'), { recursive: true });
  const environment = {
    ROOT: root,
    PORT: String(server.proxy.httpPort),
  };
  let parentId = '';
  const sides = {
    'bare shell loop: migration': () => shellLoop(world, slugs, migrate),
    'careful shell loop: page, dump and its check, migration': () =>
      shellLoop(world, slugs, carefulMigrate, environment),
    migrate_all: async () => (parentId = await migrateAll(world)),
  };
  const taken = Object.keys(sides).map((side) => ({
    side,
    results: [] as Awaited<ReturnType<typeof measured>>[],
  }));
  for (let round = 0; round < rounds; round += 1) {
    for (const { side, results } of taken) {
      await shellLoop(world, slugs, rollBack);
      results.push(await measured(world, clients, sides[side as keyof typeof sides]));
    }
  }
  const rows = taken.map(({ side, results }) => {
    const { seconds, cpu, cpuMs } = results.toSorted((a, b) => a.seconds - b.seconds)[
      Math.floor(rounds / 2)
    ] ?? {
      seconds: Number.NaN,
      cpu: {},
      cpuMs: Number.NaN,
    };
    return { side, seconds, 'CPU ms a client': cpuMs, ...cpu };
  });
  const [bare, careful, product] = rows;
  const ratio = (product?.seconds ?? Number.NaN) / (bare?.seconds ?? Number.NaN);
  const toCareful = (product?.seconds ?? Number.NaN) / (careful?.seconds ?? Number.NaN);
  await report(
    'migrate-all',
    `migrate_all over ${clients} clients, ${parallel} at a time (the median of ${rounds} rounds)`,
    rows,
    [
      { name: 'migrate_all against the bare loop', value: ratio, aim: `≤ ${aim}`, met: ratio <= aim },
      {
        name: 'migrate_all against the careful loop',
        value: toCareful,
        aim: `≤ ${aim}`,
        met: toCareful <= aim,
      },
    ],
  );
  await report(
    'migrate-all-steps',
    'Steps of one client in the last round, milliseconds',
    [...(await stepsOf(world, parentId))].map(([step, durations]) => ({
      step,
      median: median(durations),
      longest: Math.max(...durations),
    })),
    [],
  );
} finally {
  await world.dispose();
}
