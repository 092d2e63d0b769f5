import { message } from '@alfa-cloud/contracts';
import { expect, test } from '@jest/globals';
import { fakeCloudServer } from '@alfa-cloud/cloud-server/testing';
import { runInDatabase, scriptFailure } from './database-script.ts';

const run = {
  what: message`The work`,
  failureCode: 'work_failed',
  redact: (text: string) => text,
  deadlineMs: 5000,
};
const io = { operationId: 'o', signal: new AbortController().signal };

const start = async (exitCode: number) => {
  const calls: string[] = [];
  const server = fakeCloudServer({
    images: { database: {} },
    exec: ({ request }) => {
      calls.push(request.argv.join(' '));
      return { exitCode, stdout: 'done' };
    },
  });
  await server.docker.createContainer('alfa-database', {
    image: 'database',
    env: {},
    labels: {},
    mounts: [],
    ports: [],
  } as never);
  await server.docker.startContainer('alfa-database');
  return { server, calls };
};

test('a script begins when every other one on the same database has ended', async () => {
  const { server, calls } = await start(0);
  const running = [
    ['timeout', 'bash', '-c', 'script', 'alfa-load', '/another/backup', 'alfa_first'],
    ['bash', '-c', 'script', 'alfa-dump', '/a/backup', 'alfa_other'],
  ];
  let looks = 0;
  const docker = {
    ...server.docker,
    runningCommands: async () => (++looks < 3 ? running : running.slice(1)),
  };
  const argv = ['bash', '-c', 'script', 'alfa-load', '/a/backup', 'alfa_first'];
  expect(await runInDatabase({ ...server, docker }, { database: 'alfa_first', argv }, run, io)).toBe('done');
  expect([looks, calls]).toEqual([3, [`timeout --kill-after=5 5 ${argv.join(' ')}`]]);
});

test('a script that its own bound has ended is told as late', async () => {
  const { server } = await start(124);
  const request = { database: 'alfa_first', argv: ['bash'] };
  await expect(runInDatabase(server, request, run, io)).rejects.toMatchObject({
    kind: 'final',
    code: 'work_failed',
    message: 'The work did not end within 5 s',
  });
});

test.each([
  "ERROR 1114 (HY000) at line 40: The table 'orders' is full",
  'tee: /var/backups/alfa/c/b/database.sql.gz.partial.7: No space left on device',
  'mariadb-dump: Got errno 28 on write',
  'tar: storage.tar.gz: Wrote only 3072 of 65536 bytes\ntar: Exiting with failure status due to previous errors',
])('a disk without room is told as such: %s', (stderr) => {
  expect(scriptFailure(run, { exitCode: 1, stdout: '', stderr })).toMatchObject({
    kind: 'final',
    code: 'disk_full',
  });
});

test.each([
  ['away', null, 'transient', 'database_unreachable'],
  ['restarted meanwhile', 0, 'transient', 'database_unreachable'],
  ['answering all the time', 3600, 'final', 'work_failed'],
])('a lost connection to a database that is %s', async (_name, upSeconds, kind, code) => {
  const server = fakeCloudServer({
    images: { database: {} },
    exec({ request }) {
      const isProbe = request.stdin?.includes('UPTIME') === true;
      if (isProbe && upSeconds !== null) return { stdout: `${upSeconds}\n` };
      return { exitCode: 2, stderr: 'mariadb-dump: Error 2013: Lost connection to server during query' };
    },
  });
  const spec = { image: 'database', env: {}, labels: {}, mounts: [], ports: [] };
  await server.docker.createContainer('alfa-database', spec as never);
  await server.docker.startContainer('alfa-database');
  const request = { database: 'alfa_first', argv: ['bash'] };
  await expect(runInDatabase(server, request, run, io)).rejects.toMatchObject({ kind, code });
});
