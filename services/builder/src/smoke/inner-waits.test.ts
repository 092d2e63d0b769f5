import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { untilDatabaseStays, untilHealthz, waitInside } from './inner-waits.ts';

const execute = promisify(execFile);
const run = (script: string, path = '') => {
  const [program = '', ...args] = waitInside(script);
  return execute(program, args, { env: { PATH: `${path}:${process.env['PATH']}` } });
};

/** A client program of the database that tells what each call is to print. @returns the looks that came */
const looks = async (...answers: string[]): Promise<number> => {
  const folder = await mkdtemp(join(tmpdir(), 'alfa-waits-'));
  try {
    const count = join(folder, 'count');
    const program = `#!/bin/bash
answers=(${answers.join(' ')})
echo >>'${count}'
answer=\${answers[$(wc -l <'${count}') - 1]}
[ "$answer" = none ] && exit 1
echo "$answer"
`;
    await writeFile(join(folder, 'mariadb'), program);
    await chmod(join(folder, 'mariadb'), 0o755);
    await run(untilDatabaseStays, folder);
    return (await readFile(count, 'utf8')).length;
  } finally {
    await rm(folder, { recursive: true });
  }
};

test('the server that the database starts first, without a network, is not taken for it', async () => {
  expect(await looks('none', '1', 'none', '0')).toBe(4);
});

test('the application is asked until it is healthy, and its last answer is told', async () => {
  const statuses = [503, 404, 200, 500];
  const asked: (string | undefined)[] = [];
  const server = createServer(({ url, method }, response) => {
    asked.push(`${method} ${url}`);
    response.writeHead(statuses.shift() ?? 500).end('Here');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    expect((await run(untilHealthz('127.0.0.1', port))).stdout).toBe('200');
    expect(asked).toEqual(Array.from({ length: 3 }, () => 'GET /healthz'));
    expect((await run(untilHealthz('127.0.0.1', port))).stdout).toBe('500');
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
  expect((await run(untilHealthz('127.0.0.1', port))).stdout).toBe('');
});
