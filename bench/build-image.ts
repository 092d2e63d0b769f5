/**
 * (l) `build_dev` from the request to its end against the same by hand: `git clone && docker build && docker save | ssh docker load`. Both build by the
 * engine of this machine and bring the image to one farm server, each from commits of its own. `first`: the server has nothing of the image, and no step was
 * built before. `next`: a small file of the application has changed. The product also tests the image, with a database and its migrations, which nobody
 * does by hand; the times of its steps stand below. `ALFA_BENCH_ROUNDS` (2): the sides take turns.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Docker from 'dockerode';
import {
  createGitRepository,
  rigImages,
  startFarm,
  temporaryDirectory,
  type FarmServer,
} from '@alfa-cloud/testing';
import { act, registerServer } from '../embedded/test/support/caller.ts';
import { onFarm } from '../embedded/test/support/place.ts';
import { startWorld } from '../embedded/test/support/world.ts';
import { report } from './report.ts';
import { median } from './support/rates.ts';

const rounds = Number(process.env['ALFA_BENCH_ROUNDS'] ?? 2);
const dependenciesMb = 20;

await using started = new AsyncDisposableStack();
const directory = started.use(await temporaryDirectory('alfa-bench-'));
const farm = started.use(await startFarm([{ docker: true }]));
const [machine] = farm.servers as [FarmServer];
const repository = started.use(await createGitRepository());
const world = await startWorld({
  // The disk of a farm server is small.
  env: { ALFA_GIT_FILE_URLS: 'true', ALFA_BACKUP_EVERY_H: '0', ALFA_FREE_DISK_MIN_MB: '10' },
});
started.defer(() => world.dispose());

/** Steps as applications have them: dependencies are fetched and prepared before the code comes, which changes more often. */
const dockerfile = [
  `FROM ${rigImages.client}`,
  'COPY --chown=33:33 dependencies /app/bench/dependencies',
  `RUN php -r 'for ($n = 0; $n < 40; $n++) { hash_file("sha256", "/app/bench/dependencies"); }'`,
  'COPY --chown=33:33 app/ /app/',
  '',
].join('\n');
let version = 1000;
const commit = async (kind: Kind): Promise<void> => {
  version += 1;
  const files = { Dockerfile: dockerfile, 'app/VERSION': `${version}\n` };
  await repository.commit('dev', files);
  if (kind === 'next') return;
  await writeFile(join(repository.path, 'dependencies'), randomBytes(dependenciesMb * 1e6));
  await repository.commit('dev', {});
};
type Kind = 'first' | 'next';

await commit('first');
await repository.git('branch', 'master');
const attributes = { url: repository.url };
const set = await world.call('PUT', '/repository', { data: { type: 'repositories', attributes } });
if (set.status !== 200) throw new Error(set.text);
await registerServer(world.call, { connection: world.place.connection, role: 'build' });
const { connection } = onFarm(farm, machine);
const target = await registerServer(world.call, { name: 'target', domain: 'target.test', connection });

const ssh = join(directory.path, 'ssh');
await mkdir(ssh, { mode: 0o700 });
await writeFile(join(ssh, 'key'), farm.keys.ed25519.privateKey, { mode: 0o600 });
const sshTarget = `ssh -F none -i ${ssh}/key -o BatchMode=yes -o LogLevel=ERROR -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null alfa@${machine.address}`;
const docker = `docker -H unix://${world.docker.socketPath}`;

const shell = (line: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn('bash', ['-e', '-o', 'pipefail', '-c', line], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`exit code ${code}: ${line}`))));
  });

const byHand = async (): Promise<void> => {
  const clone = join(directory.path, `clone-${version}`);
  await shell(
    [
      `git clone --quiet --branch dev --depth 1 ${repository.url} ${clone}`,
      `${docker} build --quiet --tag hand:${version} ${clone}`,
      `${docker} save hand:${version} | ${sshTarget} docker load`,
    ].join(' && '),
  );
};

const steps = new Map<string, { [Of in Kind]: number[] }>();
const byProduct = async (kind: Kind): Promise<void> => {
  const build = await act(
    world.call,
    'POST',
    `/containers/build_dev?targetServers=${target.id}`,
    undefined,
    900_000,
  );
  if (build.status !== 'ok') throw new Error(JSON.stringify(build.error));
  for (const { name, durationMs } of build.steps) {
    const known = steps.get(name) ?? { first: [], next: [] };
    known[kind].push((durationMs ?? 0) / 1000);
    steps.set(name, known);
  }
};

/** Nothing of the application is on the target, and nothing that the product keeps is here. */
const forget = async (): Promise<void> => {
  const images = new Docker({ socketPath: machine.engine.socketPath });
  const others: readonly string[] = [rigImages.database, rigImages.proxy];
  // One that another was built upon goes after that, or stays with it.
  for (let removed = 1; removed > 0;) {
    removed = 0;
    for (const { Id, RepoTags } of await images.listImages()) {
      if (RepoTags?.some((name) => others.includes(name)) === true) continue;
      const isGone = await images
        .getImage(Id)
        .remove({ force: true })
        .then(
          () => true,
          (error: { statusCode?: number }) => {
            if (error.statusCode !== 409 && error.statusCode !== 404) throw error;
            return false;
          },
        );
      if (isGone) removed += 1;
    }
  }
  await rm(join(world.directory, 'data', 'builder'), { recursive: true, force: true });
};

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
};

const sides = { hand: byHand, product: byProduct };
const times = {
  hand: { first: [] as number[], next: [] as number[] },
  product: { first: [] as number[], next: [] as number[] },
};
for (let round = 0; round < rounds; round += 1) {
  const order = round % 2 === 0 ? (['hand', 'product'] as const) : (['product', 'hand'] as const);
  for (const side of order) {
    await forget();
    for (const kind of ['first', 'next'] as const) {
      await commit(kind);
      times[side][kind].push(await seconds(() => sides[side](kind)));
    }
  }
}

const share = (kind: Kind): number => median(times.product[kind]) / median(times.hand[kind]);
const row = (way: string, of: { [Of in Kind]: number[] }) => ({
  way,
  'first, s': median(of.first),
  'next, s': median(of.next),
});
const ofSteps = [...steps].map(([name, of]) => row(`its step ${name}`, of));
const rows = [
  row('git clone, docker build, docker save | ssh docker load', times.hand),
  row('build_dev', times.product),
  ...ofSteps,
];
await report('build-image', `A commit becomes an image on a server, medians of ${rounds} rounds`, rows, [
  { name: 'the first time', value: share('first'), aim: '≤ 1.1', met: share('first') <= 1.1 },
  { name: 'the next time', value: share('next'), aim: '≤ 0.5', met: share('next') <= 0.5 },
]);
