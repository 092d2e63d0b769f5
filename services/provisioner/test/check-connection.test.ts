import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { SshCredentials } from '@alfa-cloud/cloud-server';
import { isRejection, type Connection } from '@alfa-cloud/contracts';
import { inMemoryVault } from '@alfa-cloud/secrets/testing';
import { createTryConnection } from '@alfa-cloud/servers';
import { eventually, startFarm, type Farm, type FarmServer } from '@alfa-cloud/testing';
import { checkConnection } from '../src/operations/prepare-server/check-connection.ts';

let farm: Farm;
let machine: FarmServer;
let withoutDocker: FarmServer;

beforeAll(async () => {
  farm = await startFarm([{ docker: 'bare' }, {}]);
  [machine, withoutDocker] = farm.servers as [FarmServer, FarmServer];
});
afterAll(() => farm?.dispose());

type Ssh = Extract<Connection, { kind: 'ssh' }>;

interface Attempt extends Partial<Ssh> {
  key?: SshCredentials;
  jumpKey?: SshCredentials;
  clockMs?: number;
  root?: string;
}

const check = async ({ key, jumpKey, jump, clockMs = 0, root = '/srv/alfa', ...address }: Attempt = {}) => {
  const vault = inMemoryVault();
  const credentials = await vault.seal('transport', JSON.stringify(key ?? farm.keys.ed25519));
  const tryConnection = createTryConnection({
    local: { socketPath: '/nonexistent/docker.sock', root: '/nonexistent' },
    sshRoot: root,
  });
  const connection = {
    kind: 'ssh' as const,
    host: machine.address,
    username: 'alfa',
    ...address,
    credentials,
    ...(jump === undefined
      ? {}
      : {
          jump: {
            ...jump,
            credentials: await vault.seal('transport', JSON.stringify(jumpKey ?? farm.keys.rsa)),
          },
        }),
  };
  const clock = () => new Date(Date.now() - clockMs);
  const preparation = { clockSkewMaxMs: 60_000 } as Parameters<typeof checkConnection>[0]['preparation'];
  const deps = { vault, tryConnection, preparation, clock };
  return checkConnection(deps, connection, new AbortController().signal);
};

/** Codes and places of what speaks against it, with one word of each detail. */
const refusal = async (attempt: Attempt): Promise<string[]> => {
  try {
    await check(attempt);
    return [];
  } catch (error) {
    if (!isRejection(error)) throw error;
    return error.faults.map(({ code, pointer = '', detail }) => {
      expect(detail).not.toContain('PRIVATE');
      return `${code} ${pointer.replace('/data/attributes/connection', '')}`;
    });
  }
};

test('a server that can be used: what it is and what the user may do there', async () => {
  expect(await check()).toEqual({
    hostKey: machine.hostKey('ed25519'),
    publicKey: farm.keys.ed25519.publicKey,
    check: {
      hostKeyFingerprint: expect.stringMatching(/^SHA256:/),
      dockerWay: 'forwarded socket /var/run/docker.sock',
      mayUseDocker: true,
      maySudo: false,
      dockerVersion: expect.stringMatching(/^\d+\.\d+/),
      engineId: expect.any(String),
      operatingSystem: expect.any(String),
      architecture: expect.any(String),
      cpus: expect.any(Number),
      memoryBytes: expect.any(Number),
      diskTotalBytes: expect.any(Number),
      diskFreeBytes: expect.any(Number),
      clockOffsetMs: expect.any(Number),
    },
  });
  await eventually('the connection to be closed', async () => (await machine.connections()) === 0);
});

/** The machine without Docker, before the one that has it. */
const through = (more: Partial<NonNullable<Ssh['jump']>> = {}): Pick<Ssh, 'jump'> => ({
  jump: { host: withoutDocker.address, username: 'guest', ...more },
});

test('a server behind a jump host: both host keys and both public keys', async () => {
  expect(await check(through())).toMatchObject({
    hostKey: machine.hostKey('ed25519'),
    publicKey: farm.keys.ed25519.publicKey,
    jump: { hostKey: withoutDocker.hostKey('ed25519'), publicKey: farm.keys.rsa.publicKey },
    check: { jump: { hostKeyFingerprint: expect.stringMatching(/^SHA256:/) } },
  });
  await eventually('the connection to be closed', async () => (await withoutDocker.connections()) === 0);
});

test('a user who needs sudo for Docker and for the directory', async () => {
  const checked = await check({ username: 'ops', root: '/srv/by-sudo' });
  expect(checked?.check).toMatchObject({
    dockerWay: 'sudo -n docker system dial-stdio on /var/run/docker.sock',
    mayUseDocker: false,
    maySudo: true,
  });
});

test.each<[string, () => Attempt, string[]]>([
  ['a name that nobody knows', () => ({ host: 'nowhere.invalid' }), ['host_unknown /host']],
  ['a port where nothing listens', () => ({ port: 2222 }), ['connection_failed /port']],
  ['a user who is not there', () => ({ username: 'nobody-here' }), ['login_refused /privateKey']],
  [
    'a key without its passphrase',
    () => ({ key: { privateKey: farm.keys.rsa.privateKey } }),
    ['passphrase_required /passphrase'],
  ],
  [
    'a wrong passphrase',
    () => ({ key: { privateKey: farm.keys.rsa.privateKey, passphrase: 'wrong' } }),
    ['passphrase_wrong /passphrase'],
  ],
  ['what is no key', () => ({ key: { privateKey: 'hello' } }), ['key_unreadable /privateKey']],
  [
    'the public part of a key',
    () => ({ key: { privateKey: farm.keys.ed25519.publicKey } }),
    ['key_unreadable /privateKey'],
  ],
  [
    'another host key than the one that was given',
    () => ({ hostKey: `SHA256:${'A'.repeat(43)}` }),
    ['host_key_differs /hostKey'],
  ],
  [
    'a user who may nothing',
    () => ({ username: 'guest' }),
    ['docker_not_allowed /username', 'root_refused /username'],
  ],
  ['a machine without Docker', () => ({ host: withoutDocker.address }), ['docker_missing /host']],
  ['a clock that is off', () => ({ clockMs: 120_000 }), ['clock_wrong /host']],
  ['a directory of somebody else', () => ({ username: 'ops' }), ['root_refused /username']],
  ['a jump host nobody knows', () => through({ host: 'nowhere.invalid' }), ['host_unknown /jump/host']],
  ['a jump host without sshd', () => through({ port: 2222 }), ['connection_failed /jump/port']],
  [
    'a stranger at the jump host',
    () => through({ username: 'nobody-here' }),
    ['login_refused /jump/privateKey'],
  ],
  [
    'another host key of the jump host than the one that was given',
    () => through({ hostKey: `SHA256:${'A'.repeat(43)}` }),
    ['host_key_differs /jump/hostKey'],
  ],
  [
    'a wrong passphrase at the jump host',
    () => ({ ...through(), jumpKey: { privateKey: farm.keys.rsa.privateKey, passphrase: 'wrong' } }),
    ['passphrase_wrong /jump/passphrase'],
  ],
  [
    'a stranger behind the jump host',
    () => ({ ...through(), username: 'nobody-here' }),
    ['login_refused /privateKey'],
  ],
  [
    'another host key behind the jump host',
    () => ({ ...through(), hostKey: `SHA256:${'A'.repeat(43)}` }),
    ['host_key_differs /hostKey'],
  ],
  [
    'a port behind the jump host where nothing listens',
    () => ({ ...through(), port: 2222 }),
    ['connection_failed /host'],
  ],
])('%s is refused with the cause', async (_, attempt, expected) => {
  expect(await refusal(attempt())).toEqual(expected);
});

test('a server that does not answer is given up in time', async () => {
  await machine.cutCable();
  try {
    expect(await refusal({})).toEqual(['connection_failed /host']);
  } finally {
    await machine.mendCable();
  }
});
