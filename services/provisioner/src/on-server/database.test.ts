import { expect, test } from '@jest/globals';
import { fakeCloudServer } from '@alfa-cloud/cloud-server/testing';
import type { ExecResult } from '@alfa-cloud/cloud-server';
import { runSql } from './database.ts';

const options = { signal: new AbortController().signal };

/** A server whose database answers this SQL with this result, and has been up for so long. */
const start = async (result: Partial<ExecResult>, upSeconds: number | null) => {
  const server = fakeCloudServer({
    images: { database: {} },
    exec({ request }) {
      if (request.stdin?.includes('UPTIME') !== true) return result;
      return upSeconds === null ? { exitCode: 1, stderr: 'ERROR 2002: no' } : { stdout: `${upSeconds}\n` };
    },
  });
  const spec = { image: 'database', env: {}, labels: {}, mounts: [], ports: [] };
  await server.docker.createContainer('alfa-database', spec as never);
  await server.docker.startContainer('alfa-database');
  return server;
};

test.each([
  [
    'is lost with a server that is away',
    'ERROR 2013 (HY000): Lost',
    null,
    'transient',
    'database_unreachable',
  ],
  ['is lost as the server restarts', 'ERROR 2006 (HY000): Gone', 0, 'transient', 'database_unreachable'],
  ['is lost while the server answers others', 'ERROR 2006 (HY000): Gone', 60, 'final', 'database_failed'],
  ['is one too many', 'ERROR 1040 (08004): Too many', 60, 'transient', 'database_busy'],
  ['waits for a lock', 'ERROR 1205 (HY000): Lock wait', 60, 'transient', 'database_busy'],
  ['sends what is refused', 'ERROR 1064 (42000): Syntax', 60, 'final', 'database_failed'],
])('a connection that %s', async (_name, stderr, upSeconds, kind, code) => {
  const server = await start({ exitCode: 1, stderr }, upSeconds);
  await expect(runSql(server, 'SELECT 2', (text) => text, options)).rejects.toMatchObject({ kind, code });
});

test('SQL that is killed from outside says nothing of the server', async () => {
  const server = await start({ exitCode: 137 }, 60);
  await expect(runSql(server, 'SELECT 2', (text) => text, options)).rejects.toMatchObject({
    kind: 'transient',
    code: 'command_cut_off',
  });
});
