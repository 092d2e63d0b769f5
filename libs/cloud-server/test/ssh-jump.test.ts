import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { eventually, startFarm, type Farm, type FarmServer } from '@alfa-cloud/testing';
import { connectSshServer, type SshCloudServer, type SshConnectionOptions } from '../src/index.ts';

let farm: Farm;
let gate: FarmServer;
let inside: FarmServer;
const open: SshCloudServer[] = [];

beforeAll(async () => {
  farm = await startFarm([{}, {}]);
  [gate, inside] = farm.servers as [FarmServer, FarmServer];
  const from = inside.address.replace(/\d+$/, '1');
  await inside.run('iptables', '-A', 'INPUT', '-s', from, '-p', 'tcp', '--dport', '22', '-j', 'DROP');
}, 60_000);
afterAll(() => farm?.dispose());
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

const connect = (
  options: Partial<SshConnectionOptions> = {},
  jump: Partial<SshConnectionOptions> = {},
): SshCloudServer => {
  const server = connectSshServer({
    credentials: async () => farm.keys.ed25519,
    host: inside.address,
    username: 'alfa',
    root: inside.root,
    ...options,
    jump: { credentials: async () => farm.keys.ecdsa, host: gate.address, username: 'guest', ...jump },
  });
  open.push(server);
  return server;
};
const whoAmI = async (server: SshCloudServer) => (await server.commands.run({ argv: ['whoami'] })).stdout;
const failureOf = (act: Promise<unknown>): Promise<unknown> =>
  act.then(
    () => null,
    (error: unknown) => error,
  );

test('a server that only its jump host reaches: one connection each, which end together', async () => {
  const server = connect();
  expect(await whoAmI(server)).toBe('alfa\n');
  await server.files.writeAtomic('through', 'x', { mode: 0o600 });
  expect(await inside.run('cat', '/srv/alfa/through')).toBe('x');
  expect([await gate.connections(), await inside.connections()]).toEqual([1, 1]);
  expect(await server.access.showHostKey()).toMatchObject({ text: inside.hostKey('ed25519') });
  expect(await server.access.jump?.showHostKey()).toMatchObject({ text: gate.hostKey('ed25519') });
  await server.close();
  await eventually(
    'the end of both',
    async () => (await gate.connections()) + (await inside.connections()) === 0,
  );
});

const stranger = `SHA256:${'A'.repeat(43)}`;

test.each<[string, Partial<SshConnectionOptions>, Partial<SshConnectionOptions>, string, RegExp]>([
  [
    'the user at the jump host',
    {},
    { username: 'nobody-here' },
    'login_refused',
    /^At the jump host: nobody-here@/,
  ],
  ['the user at the server', { username: 'nobody-here' }, {}, 'login_refused', /^nobody-here@/],
  ['the key of the jump host', {}, { hostKey: stranger }, 'host_key_changed', /^At the jump host: guest@/],
  ['the key of the server', { hostKey: stranger }, {}, 'host_key_changed', /^alfa@/],
  ['a port of the jump host', {}, { port: 2222 }, 'server_unreachable', /^At the jump host: guest@/],
  [
    'a port of the server',
    { port: 2222 },
    {},
    'server_unreachable',
    /^alfa@.*the jump host guest@.* can't connect/,
  ],
])('%s is told apart', async (_, options, jump, code, words) => {
  const told: string[] = [];
  const hear = (who: string) => ({ onHostKeyRefused: () => void told.push(who) });
  const failure = await failureOf(
    whoAmI(connect({ ...hear('server'), ...options }, { ...hear('jump'), ...jump })),
  );
  expect(failure).toMatchObject({ code, message: expect.stringMatching(words) });
  const isAtJump = words.source.startsWith('^At');
  expect(told).toEqual(code !== 'host_key_changed' ? [] : [isAtJump ? 'jump' : 'server']);
});

test('nothing gets to the server, nor a credential anywhere, when the jump host is somebody else', async () => {
  const [logOfConnections, atServer] = await Promise.all([gate.nextConnections(), inside.sshdLog()]);
  const server = connect({}, { hostKey: stranger });
  expect(await failureOf(server.access.showHostKey())).toMatchObject({ code: 'host_key_changed' });
  const log = await logOfConnections();
  expect(log).not.toMatch(/guest|publickey/);
  expect((await inside.sshdLog()).slice(atServer.length)).not.toContain('Connection from');
  expect(server.access.link).toMatchObject({ status: 'down', failure: { code: 'host_key_changed' } });
});

test('a jump host that forwards nothing says so', async () => {
  await gate.restartSshd(['AllowTcpForwarding no']);
  try {
    const failure = await failureOf(whoAmI(connect()));
    expect(failure).toMatchObject({
      code: 'server_unreachable',
      message: expect.stringContaining('may not forward there (AllowTcpForwarding'),
    });
  } finally {
    await gate.restartSshd([]);
  }
});

test('after the jump host was away both are connected to anew', async () => {
  const server = connect();
  await whoAmI(server);
  await gate.killSshd();
  expect(await failureOf(whoAmI(server))).toMatchObject({ code: expect.stringMatching(/unreachable|lost/) });
  await gate.startSshd();
  await eventually('the server is back', async () => (await failureOf(whoAmI(server))) === null);
  expect(await gate.connections()).toBe(1);
  await eventually('the former one is gone', async () => (await inside.connections()) === 1);
});
