import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually, startFarm, type Farm, type FarmServer } from '@alfa-cloud/testing';
import {
  connectSshServer,
  SshConnection,
  type HostKey,
  type HostKeyChanged,
  type SshCloudServer,
  type SshServerOptions,
} from '../src/index.ts';

let farm: Farm;
let machine: FarmServer;
let other: FarmServer;
const open: SshCloudServer[] = [];

beforeAll(async () => {
  farm = await startFarm([{}, {}]);
  [machine, other] = farm.servers as [FarmServer, FarmServer];
}, 60_000);
afterAll(() => farm?.dispose());
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

const connect = (options: Partial<SshServerOptions> = {}): SshCloudServer => {
  const credentials = async () => farm.keys.ed25519;
  const login = { host: machine.address, username: 'alfa', credentials, root: machine.root };
  const server = connectSshServer({ ...login, ...options });
  open.push(server);
  return server;
};
const whoAmI = async (server: SshCloudServer) => (await server.commands.run({ argv: ['whoami'] })).stdout;
const failureOf = (act: Promise<unknown>): Promise<unknown> =>
  act.then(
    () => null,
    (error: unknown) => error,
  );

describe('a login', () => {
  test.each(['ed25519', 'ecdsa', 'rsa'] as const)('with a key of type %s', async (type) => {
    expect(await whoAmI(connect({ credentials: async () => farm.keys[type] }))).toBe('alfa\n');
  });

  test('tells the host key before anything else is done, when the server has let us in', async () => {
    const told: HostKey[] = [];
    const server = connect({ onHostKey: async (key) => void told.push(key) });
    await whoAmI(server);
    await whoAmI(server);
    expect(told.map(({ text }) => text)).toEqual([machine.hostKey('ed25519')]);
    const shown = await machine.run('sh', '-c', `echo '${told[0]?.text}' | ssh-keygen -l -f -`);
    expect(shown).toContain(` ${told[0]?.fingerprint} `);
    const refused: HostKey[] = [];
    const nobody = connect({ username: 'somebody', onHostKey: async (key) => void refused.push(key) });
    expect(await failureOf(whoAmI(nobody))).toMatchObject({ kind: 'final', code: 'login_refused' });
    expect(refused).toEqual([]);
  });

  test('does not go on when the host key could not be recorded', async () => {
    const server = connect({
      onHostKey: async () => {
        throw new Error('no event store');
      },
    });
    expect(await failureOf(whoAmI(server))).toMatchObject({
      message: expect.stringContaining('no event store'),
    });
    await eventually('the end of the connection', async () => (await machine.connections()) === 0);
    expect(server.access.link).toMatchObject({ status: 'down', failure: { kind: 'transient' } });
  });

  test('knows the host key by its fingerprint alone', async () => {
    const told: HostKey[] = [];
    await whoAmI(connect({ onHostKey: async (key) => void told.push(key) }));
    const hostKey = `${told[0]?.fingerprint}`;
    const server = connect({ hostKey });
    expect(await whoAmI(server)).toBe('alfa\n');
    expect(await server.access.connect()).toEqual(told[0]);
    const stranger = connect({ hostKey, host: other.address });
    expect(await failureOf(whoAmI(stranger))).toMatchObject({ code: 'host_key_changed' });
  });

  test.each(['rsa', 'ecdsa', 'ed25519'] as const)(
    'finds the pinned host key of type %s among several',
    async (type) => {
      expect(await whoAmI(connect({ hostKey: `${machine.hostKey(type)} a comment` }))).toBe('alfa\n');
    },
  );

  test.each([
    ['no passphrase', () => ({ privateKey: farm.keys.rsa.privateKey }), 'needs a passphrase'],
    ['a wrong passphrase', () => ({ ...farm.keys.rsa, passphrase: 'hunter2' }), 'the passphrase is wrong'],
    ['a public key', () => ({ privateKey: farm.keys.rsa.publicKey }), 'it is a public key'],
    ['something else', () => ({ privateKey: 'hunter2' }), 'not a key'],
  ])('is not tried with %s', async (_, login, words) => {
    const failure = await failureOf(whoAmI(connect({ credentials: async () => login() })));
    expect(failure).toMatchObject({
      kind: 'final',
      code: 'key_unusable',
      message: expect.stringContaining(words),
    });
    expect(inspect(failure, { depth: null, showHidden: true })).not.toContain('hunter2');
  });

  test('holds a pinned host key that is none for a mistake at once', () => {
    expect(() => connect({ hostKey: 'ssh-ed25519 hunter2' })).toThrow('not a public key');
  });

  test('that is refused is not tried again at once', async () => {
    const server = connect({ username: 'stranger' });
    const failures = await Promise.all(Array.from({ length: 20 }, () => failureOf(whoAmI(server))));
    expect(await failureOf(whoAmI(server))).toBe(failures[0]);
    const log = await machine.sshdLog();
    expect(log.match(/Invalid user stranger from/g)).toHaveLength(1);
  });
});

describe('another host key than the pinned one', () => {
  test('ends the attempt before anything is sent, and both are told', async () => {
    const pinned = other.hostKey('ed25519');
    const logOfConnections = await machine.nextConnections();
    const refused: string[] = [];
    const onHostKeyRefused = ({ shown }: HostKeyChanged) => refused.push(shown.text);
    const failure = await failureOf(whoAmI(connect({ hostKey: pinned, onHostKeyRefused })));
    expect(refused).toEqual([machine.hostKey('ed25519')]);
    expect(failure).toMatchObject({
      kind: 'final',
      code: 'host_key_changed',
      pinned: { text: pinned },
      shown: { text: machine.hostKey('ed25519') },
    });
    const log = await logOfConnections();
    expect(log).not.toMatch(/alfa|user|publickey/);
  });

  test('is noticed at a reconnect too', async () => {
    const server = connect();
    await whoAmI(server);
    await machine.changeHostKeys();
    expect(await failureOf(whoAmI(server))).toMatchObject({ code: 'host_key_changed' });
    expect(await whoAmI(connect({ hostKey: machine.hostKey('ecdsa') }))).toBe('alfa\n');
  });
});

test('a server behind another one is reached through that, by one connection each', async () => {
  const jump = new SshConnection({
    credentials: async () => farm.keys.ecdsa,
    host: machine.address,
    username: 'guest',
  });
  const servers = ['alfa', 'ops'].map((username) =>
    connect({ host: other.address, hostKey: other.hostKey('ed25519'), username, via: jump }),
  );
  try {
    expect(await Promise.all(servers.map(whoAmI))).toEqual(['alfa\n', 'ops\n']);
    const log = await other.sshdLog();
    expect(log).toContain(`Accepted publickey for alfa from ${machine.address}`);
    expect(log).not.toContain(`Accepted publickey for ops from ${other.address.replace(/\d+$/, '1')}`);
    expect(await machine.connections()).toBe(1);
    await servers[0]?.files.writeAtomic('through', 'x', { mode: 0o600 });
    expect(await other.run('cat', '/srv/alfa/through')).toBe('x');
  } finally {
    jump.close();
  }
});

test('a key and its passphrase stand in nothing that can be looked at', async () => {
  const { privateKey, passphrase = '' } = farm.keys.rsa;
  const credentials = async () => farm.keys.rsa;
  const server = connect({ credentials, username: 'guest' });
  const failures = [
    await failureOf(server.files.writeAtomic('x', '', { mode: 0o600 })),
    await failureOf(server.docker.ping()),
    await failureOf(whoAmI(connect({ credentials, host: '127.0.0.1', port: 1 }))),
  ];
  const seen = inspect([failures, server], { depth: null, showHidden: true, maxStringLength: null });
  expect(failures).toMatchObject([
    { code: 'file_failed' },
    { code: 'docker_unreachable' },
    { code: 'server_unreachable' },
  ]);
  expect(seen).not.toContain(passphrase);
  expect(seen).not.toContain('PRIVATE KEY');
  expect(seen).not.toContain(privateKey.split('\n')[5]);
});
