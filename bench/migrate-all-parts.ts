/**
 * What the parts of a migration cost one by one, on an engine with nothing else to do: the calls that the product makes, and those of a person
 * for comparison. `npm run bench migrate-all-parts`. Needs root, as it starts a Docker Engine.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { connectLocalServer } from '@alfa-cloud/cloud-server';
import { clientDocument, followCreation, registerServer } from '../embedded/test/support/caller.ts';
import { startWorld } from '../embedded/test/support/world.ts';
import { mariadbArgv } from '../services/provisioner/src/on-server/database.ts';
import { dumpScript } from '../services/provisioner/src/resources/backup/scripts/dump-script.ts';
import { scriptArgv } from '../services/provisioner/src/resources/backup/scripts/script.ts';
import { report } from './report.ts';
import { measured } from './support/cpu-times.ts';

const times = 15;
const slug = 'parts';

const world = await startWorld({ env: { ALFA_BACKUP_EVERY_H: '0', ALFA_AVAILABILITY_INTERVAL_S: '3600' } });
const root = world.env['ALFA_SERVER_ROOT'] ?? '';
const cloud = connectLocalServer({ socketPath: world.docker.socketPath, root });
try {
  const server = await registerServer(world.call);
  const document = clientDocument(server.id, slug, 'alfa/client:2', { limits: { memoryMb: 128 } });
  const { body } = await world.call('POST', '/clients/create', document);
  const { attributes } = await followCreation(world.call, body.data.id);
  if (attributes.completed !== 'ok') throw new Error(JSON.stringify(attributes.error));
  await mkdir(join(root, 'backups', 'bench'), { recursive: true });
  const { httpPort } = server.proxy;
  const exec = async (container: string, argv: readonly string[], stdin?: string): Promise<void> => {
    const request = { argv, ...(stdin === undefined ? {} : { stdin }) };
    const { exitCode, stderr } = await cloud.docker.exec(container, request);
    if (exitCode !== 0) throw new Error(stderr);
  };
  const client = `alfa-${slug}`;
  const closed = `clients/${slug}/closed`;
  const dump = ['/var/backups/alfa/bench', `alfa_${slug}`, '/run/alfa/client.cnf'];
  const parts: Readonly<Record<string, () => Promise<unknown>>> = {
    'exec of a program that does nothing': () => exec(client, ['true']),
    'exec of the database client, one statement': () => exec('alfa-database', mariadbArgv, 'SELECT 1;\n'),
    'exec of the dump with its check': () => exec('alfa-database', scriptArgv(dumpScript, dump)),
    'exec of a migration with nothing to do': () => exec(client, ['php', 'artisan', 'migrate', '--force']),
    'reload of the proxy, one virtual host': () => exec('alfa-proxy', ['nginx', '-s', 'reload']),
    'page by a file, on and off': async () => {
      await cloud.files.writeAtomic(closed, '', { mode: 0o644 });
      await cloud.files.removeFile(closed);
    },
    'health of the application': () =>
      cloud.get({ port: httpPort, host: `${slug}.alfa.localhost`, path: '/healthz' }),
    'state of a container': () => cloud.docker.container(client),
    "the same exec by docker's command": () =>
      once(
        spawn('docker', ['-H', `unix://${world.docker.socketPath}`, 'exec', client, 'true'], {
          stdio: 'ignore',
        }),
        'exit',
      ),
  };
  const rows: object[] = [];
  for (const [part, work] of Object.entries(parts)) {
    await work();
    const { seconds, cpu, cpuMs } = await measured(world, times, async () => {
      for (let time = 0; time < times; time += 1) await work();
    });
    rows.push({ part, ms: (seconds * 1000) / times, 'CPU ms': cpuMs, ...cpu });
  }
  await report('migrate-all-parts', `Parts of a migration, each ${times} times`, rows, []);
} finally {
  await cloud.close();
  await world.dispose();
}
