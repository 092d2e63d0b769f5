import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { expect, it } from '@jest/globals';

import { isAlive } from '../src/child-process.ts';
import { eventually, temporaryDirectory } from '../src/index.ts';

interface Started {
  readonly docker: number;
  readonly port: number;
  readonly socket: string;
  readonly network: string;
}

/** The process id of the machine that runs in a folder of the rig. */
const machineIn = (folder: string): Promise<string | undefined> =>
  readFile(join(folder, 'machine.pid'), 'utf8').catch(() => undefined);

it('ends engines, their containers, bridges and nats-servers when the test process is killed', async () => {
  const index = join(import.meta.dirname, '../src/index.ts');
  const script = `
    import { startDockerEngine, startNatsServer, rigImages } from ${JSON.stringify(index)};
    const nats = await startNatsServer();
    const engine = await startDockerEngine();
    const container = await engine.docker.createContainer({ Image: rigImages.proxy });
    await container.start();
    const { id } = await engine.docker.createNetwork({ Name: 'left' });
    const { pid, socketPath } = engine;
    console.log(JSON.stringify({ docker: pid, port: nats.port, socket: socketPath, network: id }));
    setInterval(() => {}, 1000);`;
  // What a killed process has put away for a while can be removed by others alone.
  await using temporary = await temporaryDirectory();
  const child = spawn(
    process.execPath,
    ['--no-warnings', '--input-type=module-typescript', '--eval', script],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, TMPDIR: temporary.path },
    },
  );
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const { docker, port, socket, network } = JSON.parse(line.toString()) as Started;
  const bridges = [`alfa-rig${basename(dirname(socket))}`, `br-${network.slice(0, 12)}`];
  expect(await readdir('/sys/class/net')).toEqual(expect.arrayContaining(bridges));
  expect(await isAlive(docker)).toBe(true);
  const machine = await machineIn(dirname(socket));
  child.kill('SIGKILL');
  await eventually('dockerd to be gone', async () => !(await isAlive(docker)));
  await eventually('the nats-server to be gone', () =>
    fetch(`http://127.0.0.1:${port}`).then(
      () => false,
      (error: Error) => String(error.cause).includes('ECONNREFUSED'),
    ),
  );
  // Another engine may take the place, and with it the folder's name, as soon as it is free.
  await eventually('the run folder to be gone', async () => (await machineIn(dirname(socket))) !== machine);
  expect(await readdir('/sys/class/net')).not.toContain(bridges[1]);
});
