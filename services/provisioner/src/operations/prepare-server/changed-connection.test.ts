import { newId, type Connection } from '@alfa-cloud/contracts';
import { inMemoryVault } from '@alfa-cloud/secrets/testing';
import type { ServerState } from '@alfa-cloud/servers';
import { expect, test } from '@jest/globals';
import { changedConnection } from './changed-connection.ts';

const start = async () => {
  const vault = inMemoryVault();
  const id = newId();
  const scope = `server.${id}` as const;
  await vault.ensureKey(scope);
  const keyOf = (privateKey: string) => JSON.stringify({ privateKey });
  const current = {
    kind: 'ssh' as const,
    host: 'one.example',
    port: 22,
    username: 'alfa',
    hostKey: 'ssh-ed25519 AAAA',
    credentials: await vault.seal(scope, keyOf('first')),
  };
  const state = { status: 'ready', server: { id, connection: current } } as unknown as ServerState;
  const wanted = async (more: object, privateKey = 'first'): Promise<Connection> => {
    const credentials = await vault.seal('transport', keyOf(privateKey));
    return { kind: 'ssh', host: 'one.example', username: 'alfa', credentials, ...more };
  };
  return {
    vault,
    scope,
    current,
    state,
    wanted,
    change: (to: Connection) => changedConnection(vault, state, to),
  };
};

test('the same connection sent once more is no change', async () => {
  const { current, change, wanted } = await start();
  expect(await change(await wanted({}))).toEqual(current);
});

test('another user of the same machine has to show the same host key; another machine has not', async () => {
  const { current, change, wanted } = await start();
  expect(await change(await wanted({ username: 'ops' }))).toEqual({ ...current, username: 'ops' });
  for (const more of [{ host: 'two.example' }, { port: 2222 }]) {
    expect(await change(await wanted(more))).not.toHaveProperty('hostKey');
  }
  const hostKey = 'ssh-ed25519 BBBB';
  expect(await change(await wanted({ hostKey }))).toEqual({ ...current, hostKey });
});

test('another private key is sealed with the key of the server', async () => {
  const { current, vault, scope, change, wanted } = await start();
  const changed = await change(await wanted({}, 'second'));
  const sealed = changed.kind === 'ssh' ? (changed.credentials ?? '') : '';
  expect(changed).toEqual({ ...current, credentials: sealed });
  expect(sealed.startsWith(`v1.${scope}.`)).toBe(true);
  expect(await vault.open(sealed)).toBe('{"privateKey":"second"}');
});

test('a key that can not be read any more is replaced', async () => {
  const { vault, scope, change, wanted } = await start();
  await vault.destroyKey(scope);
  const changed = await change(await wanted({}));
  expect(changed.kind === 'ssh' && (await vault.open(changed.credentials ?? ''))).toBe(
    '{"privateKey":"first"}',
  );
});

test('a jump host keeps what it had as the server does; left out, there is none any more', async () => {
  const { vault, scope, current, state, wanted, change } = await start();
  const sealed = (key: string) => vault.seal('transport', JSON.stringify({ privateKey: key }));
  const login = { host: 'gate.example', username: 'guest' };
  const added = await change(await wanted({ jump: { ...login, credentials: await sealed('gate') } }));
  const jump = added.kind === 'ssh' ? added.jump : undefined;
  expect(added).toEqual({
    ...current,
    jump: { ...login, credentials: expect.stringMatching(`^v1.${scope}`) },
  });
  const known = { ...current, jump: { ...login, ...jump, hostKey: 'ssh-ed25519 GGGG' } };
  Object.assign((state as { server: object }).server, { connection: known });
  expect(await change(await wanted({ jump: { ...login, credentials: await sealed('gate') } }))).toEqual(
    known,
  );
  const other = { ...login, host: 'other.example', credentials: await sealed('gate') };
  const moved = await change(await wanted({ jump: other }));
  expect(moved).toEqual({ ...known, jump: { ...other, credentials: jump?.credentials } });
  expect(await change(await wanted({}))).toEqual(current);
});
