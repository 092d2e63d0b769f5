/**
 * (i) `migrate_all` over three servers over ssh against Ansible (community.docker) and a shell loop of `ssh … docker exec`, with the same parallelism, on the
 * same clients, one migration to be done in each. Each side dumps the database, reads the dump again and migrates; the product also shows a page, verifies,
 * writes settings and records it all. They take turns; shown are the medians.
 *
 * `npm run bench migrate-over-ssh`, with `ALFA_BENCH_CLIENTS` (20, on each server) and `ALFA_BENCH_ROUNDS` (3). Needs root, and Debian's packages `ansible` and
 * `python3-requests`; without them it says so and does nothing.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually, temporaryDirectory } from '@alfa-cloud/testing';
import { act } from '../embedded/test/support/caller.ts';
import { insideContainers } from '../services/provisioner/src/on-server/names.ts';
import { report } from './report.ts';
import { startFarmWorld } from './support/farm-world.ts';
import { median } from './support/rates.ts';

const clients = Number(process.env['ALFA_BENCH_CLIENTS'] ?? 20);
const rounds = Number(process.env['ALFA_BENCH_ROUNDS'] ?? 3);
const serverCount = 3;
const perServer = 4;
const parallel = serverCount * perServer;
const aim = 1.6;
const execute = promisify(execFile);

const ansibleIsThere = async (): Promise<boolean> => {
  try {
    const { stdout } = await execute('ansible-galaxy', ['collection', 'list', 'community.docker']);
    await execute('/usr/bin/python3', ['-c', 'import requests']);
    return stdout.includes('community.docker');
  } catch {
    return false;
  }
};

if (!(await ansibleIsThere())) {
  process.stderr.write(
    'Ansible with community.docker is not there, so there is nothing to compare with: apt-get install ansible python3-requests\n',
  );
  process.exit(1);
}

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
};

await using bench = await startFarmWorld(serverCount, perServer);
const { world, farm } = bench;
await using home = await temporaryDirectory('alfa-bench-');
const key = join(home.path, 'key');
await writeFile(key, farm.keys.ed25519.privateKey, { mode: 0o600 });

// In turns over the servers, so that every side works on all of them at any time.
const sites = Array.from({ length: clients * serverCount }, (_, index) => {
  const server = bench.servers[index % serverCount];
  if (server === undefined) throw new Error('There is no such server');
  return { slug: `bench${index + 1}`, server };
});
await Promise.all(sites.map(({ server, slug }) => bench.create(server, slug)));

const dumpOf = (slug: string): string =>
  [
    'set -e -o pipefail',
    `mariadb-dump --defaults-extra-file=${insideContainers.databaseSecrets}/client.cnf --single-transaction alfa_${slug} | gzip >/tmp/${slug}.sql.gz`,
    `gunzip -t /tmp/${slug}.sql.gz`,
  ].join('; ');
const migrate = ['php', 'artisan', 'migrate', '--force'];
const rollBack = ['php', 'artisan', 'migrate:rollback', '--step=1', '--force'];

const sshOptions = [
  ['-F', 'none'],
  ['-i', key],
  ['-o', 'BatchMode=yes'],
  ['-o', 'StrictHostKeyChecking=no'],
  ['-o', 'UserKnownHostsFile=/dev/null'],
  ['-o', 'LogLevel=ERROR'],
  ['-o', `ControlPath=${home.path}/%h`],
].flat();
// The loop shares a connection to each server, as Ansible and the product do.
await using masters = new AsyncDisposableStack();
for (const { machine } of bench.servers) {
  const login = `alfa@${machine.address}`;
  const master = spawn('ssh', [...sshOptions, '-M', '-N', login], { stdio: 'ignore' });
  masters.defer(async () => void master.kill());
  await eventually('the connection is shared', () =>
    execute('ssh', [...sshOptions, '-O', 'check', login]).then(
      () => true,
      () => undefined,
    ),
  );
}

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/** Runs a line on the server of each client, so many at a time on each server. */
const shellLoop = async (lineOf: (slug: string) => string): Promise<void> => {
  await Promise.all(
    bench.servers.map(async (server) => {
      const own = sites.filter((site) => site.server === server);
      const words = ['ssh', ...sshOptions, `alfa@${server.machine.address}`];
      const loop = spawn('xargs', ['-P', String(perServer), '-d', '\n', '-n', '1', ...words], {
        stdio: ['pipe', 'ignore', 'inherit'],
      });
      loop.stdin.end(own.map(({ slug }) => `${lineOf(slug)}\n`).join(''));
      const [code] = (await once(loop, 'exit')) as [number];
      if (code !== 0) throw new Error(`The shell loop ended with ${code}`);
    }),
  );
};
const inClient = (slug: string, words: readonly string[]): string =>
  `docker exec alfa-${slug} ${words.join(' ')}`;
const dumpThere = (slug: string): string => `docker exec alfa-database bash -c ${quoted(dumpOf(slug))}`;

const inventory = join(home.path, 'inventory');
const playbook = join(home.path, 'migrate.yml');
const configuration = join(home.path, 'ansible.cfg');
await writeFile(
  inventory,
  sites
    .map(
      ({ slug, server }) =>
        `${slug} ansible_host=${server.machine.address} ansible_user=alfa ansible_ssh_private_key_file=${key} ansible_python_interpreter=/usr/bin/python3\n`,
    )
    .join(''),
);
await writeFile(
  playbook,
  JSON.stringify([
    {
      hosts: 'all',
      gather_facts: false,
      strategy: 'free',
      tasks: [
        {
          'community.docker.docker_container_exec': {
            container: 'alfa-database',
            argv: ['bash', '-c', dumpOf('{{ inventory_hostname }}')],
          },
        },
        {
          'community.docker.docker_container_exec': {
            container: 'alfa-{{ inventory_hostname }}',
            argv: migrate,
          },
        },
      ],
    },
  ]),
);
await writeFile(
  configuration,
  [
    '[defaults]',
    `forks = ${parallel}`,
    'host_key_checking = False',
    '[ssh_connection]',
    'pipelining = True',
    'ssh_args = -F none -o ControlMaster=auto -o ControlPersist=60 -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR',
    `control_path = ${home.path}/a-%%h`,
    '',
  ].join('\n'),
);
const ansible = async (): Promise<void> => {
  const env = { ...process.env, ANSIBLE_CONFIG: configuration, HOME: home.path };
  await execute('ansible-playbook', ['-i', inventory, playbook], { env, maxBuffer: 64 * 1024 ** 2 });
};
const product = async (): Promise<void> => {
  const end = await act(
    world.call,
    'POST',
    `/clients/migrate_all?waveSize=${parallel}`,
    undefined,
    1_800_000,
  );
  if (end.status !== 'ok') throw new Error(JSON.stringify(end.error));
};

const sides = {
  'ssh loop of docker exec … artisan migrate': () => shellLoop((slug) => inClient(slug, migrate)),
  'the same with a dump that is read again': () =>
    shellLoop((slug) => `${dumpThere(slug)} && ${inClient(slug, migrate)}`),
  'Ansible, dump and migration': ansible,
  migrate_all: product,
};
const taken = new Map(Object.keys(sides).map((side) => [side, [] as number[]]));
for (let round = 0; round < rounds; round += 1) {
  for (const [side, work] of Object.entries(sides)) {
    await shellLoop((slug) => inClient(slug, rollBack));
    taken.get(side)?.push(await seconds(work));
  }
}
const rows = [...taken].map(([side, values]) => ({ side, seconds: median(values) }));
const of = (index: number): number => rows[index]?.seconds ?? Number.NaN;
const [loop, ansibles, ours] = [of(1), of(2), of(3)];
await report(
  'migrate-over-ssh',
  `migrate_all over ${serverCount} servers × ${clients} clients over ssh, ${parallel} at a time, seconds (median of ${rounds} rounds)`,
  rows,
  [
    { name: 'migrate_all against Ansible', value: ours / ansibles, aim: '< 1', met: ours < ansibles },
    {
      name: 'migrate_all against the ssh loop with dumps',
      value: ours / loop,
      aim: `≤ ${aim}`,
      met: ours / loop <= aim,
    },
  ],
);
