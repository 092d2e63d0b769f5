/**
 * (e) `migrate_all` over many clients against a shell loop of `docker exec … php artisan migrate` with the same parallelism, on the same
 * engine and the same clients, one migration to be done in each. The product shows a page, dumps, verifies, writes settings and records it all;
 * the loop does nothing but migrate. Both are run several times in turn; shown are the medians, and what each step of the product costs.
 *
 * `npm run bench migrate-all`, with `ALFA_BENCH_CLIENTS` (50) and `ALFA_BENCH_ROUNDS` (3). Needs root, as it starts a Docker Engine.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  act,
  clientDocument,
  finished,
  followCreation,
  registerServer,
} from '../embedded/test/support/caller.ts';
import { startWorld, type World } from '../embedded/test/support/world.ts';
import { report } from './report.ts';

const clients = Number(process.env['ALFA_BENCH_CLIENTS'] ?? 50);
const rounds = Number(process.env['ALFA_BENCH_ROUNDS'] ?? 3);
const parallel = 4;
const aim = 1.2;

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

const slugs = Array.from({ length: clients }, (_, index) => `bench${index + 1}`);

/** Runs artisan in every client's container, `parallel` at a time, as a person would on the server. */
const shellLoop = async ({ docker }: World, ...words: string[]): Promise<void> => {
  const loop = spawn(
    'xargs',
    ['-P', String(parallel), '-I{}', 'docker', '-H', `unix://${docker.socketPath}`, 'exec', '{}', ...words],
    { stdio: ['pipe', 'ignore', 'inherit'] },
  );
  loop.stdin.end(slugs.map((slug) => `alfa-${slug}\n`).join(''));
  const [code] = (await once(loop, 'exit')) as [number];
  if (code !== 0) throw new Error(`The shell loop of ${words.join(' ')} ended with ${code}`);
};

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
};

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

const world = await startWorld({
  env: {
    ALFA_BACKUP_EVERY_H: '0',
    ALFA_OPERATIONS_PER_SERVER: String(parallel),
    // Nothing but the two sides shall work while they are measured.
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
  const migrate = ['php', 'artisan', 'migrate', '--force'];
  const rollBack = ['php', 'artisan', 'migrate:rollback', '--step=1', '--force'];
  const loop: number[] = [];
  const product: number[] = [];
  let steps = new Map<string, number[]>();
  for (let round = 0; round < rounds; round += 1) {
    await shellLoop(world, ...rollBack);
    loop.push(await seconds(() => shellLoop(world, ...migrate)));
    await shellLoop(world, ...rollBack);
    let parentId = '';
    product.push(
      await seconds(async () => {
        const end = await act(
          world.call,
          'POST',
          `/clients/migrate_all?waveSize=${parallel}`,
          undefined,
          900_000,
        );
        if (end.status !== 'ok') throw new Error(JSON.stringify(end.error));
        parentId = end.id;
      }),
    );
    await finished(world.call, parentId);
    steps = await stepsOf(world, parentId);
  }
  const ratio = median(product) / median(loop);
  await report(
    'migrate-all',
    `migrate_all over ${clients} clients, ${parallel} at a time, seconds (median of ${rounds} rounds)`,
    [
      { side: 'shell loop of docker exec … artisan migrate', seconds: median(loop) },
      { side: 'migrate_all', seconds: median(product) },
    ],
    [{ name: 'migrate_all against the shell loop', value: ratio, aim: `≤ ${aim}`, met: ratio <= aim }],
  );
  await report(
    'migrate-all-steps',
    'Steps of one client in the last round, milliseconds',
    [...steps].map(([step, durations]) => ({
      step,
      median: median(durations),
      longest: Math.max(...durations),
    })),
    [],
  );
} finally {
  await world.dispose();
}
