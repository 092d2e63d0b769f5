import { END, EventStoreDBClient } from '@eventstore/db-client';
import { describe, expect, test } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  MAIN,
  Watched,
  collect,
  counted,
  dataOf,
  realServer,
  startProcess,
  useDirectory,
} from './support.ts';

const LAUNCHER = fileURLToPath(new URL('../bin/alfa-eventstore.js', import.meta.url));
const CLASSIC = { credentials: { username: 'admin', password: 'changeit' } };

(realServer === undefined ? describe : describe.skip)('the command', () => {
  const directory = useDirectory();

  test.each([
    ['no directory', [], /^alfa-eventstore: A directory is needed; usage: .*\n$/],
    ['a port that is none', ['--directory', 'x', '--port', 'many'], /^alfa-eventstore: The port .*\n$/],
    ['an option that is unknown', ['--folder', 'x'], /^alfa-eventstore: .*--folder.*\n$/],
  ])('with %s says in one sentence what is wrong', (_name, args, message) => {
    const { status, stderr, stdout } = spawnSync(process.execPath, [LAUNCHER, ...args], { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test('takes its settings from the environment too', async () => {
    const env = { ...process.env, ALFA_EVENTSTORE_DIRECTORY: directory(), ALFA_EVENTSTORE_PORT: '0' };
    const child = spawn(process.execPath, [LAUNCHER], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    expect(JSON.parse(line)).toEqual({
      event: 'listening',
      connectionString: expect.stringMatching(/^esdb:\/\/127\.0\.0\.1:\d+\?tls=false$/),
    });
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('stops on SIGTERM though a subscription is open, which hears that the server is not there', async () => {
    const server = await startProcess(directory());
    const client = EventStoreDBClient.connectionString(server.connectionString);
    const watched = new Watched(client.subscribeToAll({ fromPosition: END }));
    await watched.until(({ caughtUp }) => caughtUp === 1);
    await client.appendToStream('some', counted(1), CLASSIC);
    expect(await server.stop()).toBe(0);
    await watched.until(({ error }) => error !== undefined);
    expect(watched.error).toMatchObject({ type: 'unavailable' });
    await client.dispose();
  });

  test('answers what it has accepted before it stops', async () => {
    const server = await startProcess(directory());
    const client = EventStoreDBClient.connectionString(server.connectionString);
    const acknowledged: number[] = [];
    const writing = (async () => {
      for (let n = 0; ; n += 1) {
        await client.appendToStream('stopping', counted(1, n));
        acknowledged.push(n);
        if (n === 20) process.kill(server.pid, 'SIGTERM');
      }
    })();
    await expect(writing).rejects.toMatchObject({ type: 'unavailable' });
    expect(await server.exited).toBe(0);
    await client.dispose();
    const again = await startProcess(directory());
    const reader = EventStoreDBClient.connectionString(again.connectionString);
    const numbers = (await collect(reader.readStream('stopping'))).map(
      (event) => (dataOf(event) as { n: number }).n,
    );
    expect(numbers.slice(0, acknowledged.length)).toEqual(acknowledged);
    await reader.dispose();
    await again.stop();
  });

  test('ends when its parent is killed', async () => {
    // A parent that starts the command, passes on what it says, and does nothing else.
    const parent = spawn(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `import { spawn } from 'node:child_process';
         const args = ${JSON.stringify([MAIN, '--directory', directory(), '--port', '0', '--exit-with-parent'])};
         const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
         child.stdout.on('data', (data) => console.log(JSON.stringify({ pid: child.pid, said: String(data) })));`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const lines = createInterface(parent.stdout);
    const [line] = (await once(lines, 'line')) as [string];
    const { pid } = JSON.parse(line) as { pid: number };
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    // The lock is free when the orphan is gone.
    for (;;) {
      try {
        process.kill(pid, 0);
      } catch {
        break;
      }
      await new Promise(setImmediate);
    }
    const next = await startProcess(directory());
    expect(await next.stop()).toBe(0);
  });
});
