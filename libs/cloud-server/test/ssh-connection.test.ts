import { createServer, type AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually, startFarm, type Farm, type FarmServer } from '@alfa-cloud/testing';
import { connectSshServer, type SshCloudServer } from '../src/index.ts';

let farm: Farm;
let machine: FarmServer;
let server: SshCloudServer;

beforeAll(async () => {
  farm = await startFarm([{}]);
  machine = farm.servers[0] as FarmServer;
});
afterAll(() => farm?.dispose());
beforeEach(() => {
  const hostKey = machine.hostKey('ed25519');
  server = connectSshServer({ ...login(), hostKey });
});
afterEach(() => server.close());

const login = () => ({
  credentials: async () => farm.keys.ed25519,
  host: machine.address,
  username: 'alfa',
  root: machine.root,
});
const run = (...argv: string[]) => server.commands.run({ argv });
const logins = async () => (await machine.sshdLog()).match(/Accepted publickey for alfa/g)?.length ?? 0;
const failureOf = (act: Promise<unknown>): Promise<unknown> =>
  act.then(
    () => null,
    (error: unknown) => error,
  );
/** Ends what a lost connection has left running, if it has. The brackets keep the pattern from meaning this command itself. */
const end = (pattern: string) => machine.run('sh', '-c', `pkill -f 'sleep ${pattern}' || true`);
/** The command is on its way: it has said something. */
const begun = (command: string, deadlineMs = 60_000) => {
  const said = Promise.withResolvers<void>();
  const argv = ['sh', '-c', `echo begun; ${command}`];
  const ended = server.commands.run({ argv, onOutput: () => said.resolve() }, { deadlineMs });
  ended.catch((error: unknown) => said.reject(error));
  return said.promise.then(() => ({ ended }));
};

test('fifty pieces of work at the same time share one TCP connection and one login', async () => {
  const before = await logins();
  const seen: number[] = [];
  const work = Array.from({ length: 50 }, async (_, index) => {
    if (index % 4 === 0) return server.files.writeAtomic(`file-${index}`, 'x', { mode: 0o600 });
    if (index % 4 === 1) return server.measure();
    if (index % 4 === 2) return failureOf(server.get({ port: 9, host: 'x', path: '/' }));
    await run('sleep', '0.3');
    seen.push(await machine.connections());
    return undefined;
  });
  await Promise.all(work);
  expect(new Set(seen)).toEqual(new Set([1]));
  expect((await logins()) - before).toBe(1);
});

describe('a connection', () => {
  test('whose other end is dead is given up, and made anew when that is back', async () => {
    const { ended } = await begun('sleep 6001', 60_000);
    await machine.cutCable();
    try {
      expect(await failureOf(ended)).toMatchObject({ kind: 'transient', code: 'command_lost' });
      expect(await failureOf(run('true'))).toMatchObject({ kind: 'transient', code: 'server_unreachable' });
    } finally {
      await machine.mendCable();
    }
    await eventually('the server', async () => (await run('true')).exitCode === 0, { timeoutMs: 60_000 });
    await end('6[0]01');
  });

  test('that sshd loses under a command is no success, and is made anew', async () => {
    const { ended } = await begun('sleep 6002');
    const file = server.files.read('none');
    await file;
    await machine.killSshd();
    expect(await failureOf(ended)).toMatchObject({ kind: 'transient', code: 'command_lost' });
    expect(await failureOf(run('true'))).toMatchObject({
      kind: 'transient',
      code: 'server_unreachable',
      message: expect.stringContaining('nothing listens on that port (ECONNREFUSED)'),
    });
    expect(await failureOf(server.files.read('none'))).toMatchObject({ code: 'server_unreachable' });
    await machine.startSshd();
    await eventually('the server', async () => (await server.files.read('none')) === null);
    await end('6[0]02');
  });

  test('is made anew after a reboot', async () => {
    const bootId = async () => (await run('cat', '/proc/sys/kernel/random/boot_id')).stdout;
    const before = await bootId();
    await machine.reboot();
    const after = await eventually('the server', bootId);
    expect(after).not.toBe(before);
  });

  test('over a slow link, on which an answer waits behind data for long, is not taken for dead', async () => {
    await run('true');
    const before = await logins();
    await machine.slowDown(800);
    try {
      // A megabyte and a half takes 15 s at that speed, longer than silence is borne.
      const { stdout } = await server.commands.run({ argv: ['wc', '-c'], stdin: 'x'.repeat(1_500_000) });
      expect(stdout).toBe('1500000\n');
    } finally {
      await machine.speedUp();
    }
    expect(await logins()).toBe(before);
  });

  test('is drained: what runs comes to its end, nothing new begins', async () => {
    await server.files.writeAtomic('idle', '', { mode: 0o600 });
    const { ended } = await begun('sleep 1; echo done');
    // Has a second command to run after the first of its parts.
    const written = server.files.writeAtomic('last', 'x', { mode: 0o600 });
    const drained = server.drain(30_000);
    expect(await failureOf(run('true'))).toMatchObject({ kind: 'final', code: 'connection_closed' });
    await written;
    expect((await ended).stdout).toBe('begun\ndone\n');
    await drained;
    await eventually('its end', async () => (await machine.connections()) === 0);
  });

  test('is closed under work that takes too long to drain', async () => {
    const { ended } = await begun('sleep 6003');
    await server.drain(200);
    expect(await failureOf(ended)).toMatchObject({ code: 'command_lost' });
    await end('6[0]03');
  });
});

test('a server that refuses us is not asked all the time, however many ask us', async () => {
  let attempts = 0;
  const listener = createServer((socket) => {
    attempts += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as AddressInfo;
  const away = connectSshServer({ ...login(), host: '127.0.0.1', port });
  try {
    const failures: unknown[] = [];
    const end = performance.now() + 2500;
    while (performance.now() < end) {
      failures.push(...(await Promise.all([1, 2, 3].map(() => failureOf(away.docker.ping())))));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(failures[0]).toMatchObject({ kind: 'transient', code: 'server_unreachable' });
    // At once, then after pauses of 0.5, 1 and 2 s, each up to a quarter shorter.
    expect(attempts).toBeGreaterThan(1);
    expect(attempts).toBeLessThanOrEqual(4);
    expect(failures.length).toBeGreaterThanOrEqual(attempts);
  } finally {
    await away.close();
    listener.close();
  }
});
