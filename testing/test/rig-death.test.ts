import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { expect, it } from '@jest/globals';

import { isAlive } from '../src/child-process.ts';
import { eventually } from '../src/index.ts';

it('ends engines, their containers and nats-servers when the test process is killed', async () => {
  const index = join(import.meta.dirname, '../src/index.ts');
  const script = `
    import { startDockerEngine, startNatsServer, rigImages } from ${JSON.stringify(index)};
    const nats = await startNatsServer();
    const engine = await startDockerEngine();
    const container = await engine.docker.createContainer({ Image: rigImages.proxy });
    await container.start();
    console.log(JSON.stringify({ docker: engine.pid, port: nats.port }));
    setInterval(() => {}, 1000);`;
  const child = spawn(
    process.execPath,
    ['--no-warnings', '--input-type=module-typescript', '--eval', script],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const { docker, port } = JSON.parse(line.toString()) as { docker: number; port: number };
  expect(await isAlive(docker)).toBe(true);
  child.kill('SIGKILL');
  await eventually('dockerd to be gone', async () => !(await isAlive(docker)));
  await eventually('the nats-server to be gone', () =>
    fetch(`http://127.0.0.1:${port}`).then(
      () => false,
      (error: Error) => String(error.cause).includes('ECONNREFUSED'),
    ),
  );
}, 60_000);
