import { expect, test } from '@jest/globals';
import { deriveId } from '@alfa-cloud/contracts';
import { inMemoryVault } from '@alfa-cloud/secrets/testing';
import { presentMonitoring } from './present-monitoring.ts';
import { presentNewServer, serverFields } from './present-server.ts';
import { toRegisterServerCommand } from './register-server-command.ts';

const attributes = {
  name: 'cloud-1',
  domain: 'alfa.test',
  connection: {
    kind: 'ssh' as const,
    host: 'h',
    username: 'root',
    privateKey: 'CANARY',
    passphrase: 'CANARY',
    jump: { host: 'gate', port: 2222, username: 'guest', privateKey: 'CANARY' },
  },
};

test('key material is sealed in the command and absent from the resource', async () => {
  const vault = inMemoryVault();
  const command = await toRegisterServerCommand(deriveId('s'), attributes, vault);
  const { connection } = command;
  expect(connection.kind === 'ssh' && JSON.parse(await vault.open(connection.credentials ?? ''))).toEqual({
    privateKey: 'CANARY',
    passphrase: 'CANARY',
  });
  const { jump } = connection.kind === 'ssh' ? connection : {};
  expect(JSON.parse(await vault.open(jump?.credentials ?? ''))).toEqual({ privateKey: 'CANARY' });
  expect(JSON.stringify(command)).not.toContain('CANARY');
  const resource = presentNewServer(command, deriveId('o'), new Date(0), 'en');
  expect(resource.attributes['connection']).toEqual({
    kind: 'ssh',
    host: 'h',
    port: 22,
    username: 'root',
    publicKey: null,
    keyId: null,
    hostKey: null,
    hostKeyFingerprint: null,
    jump: {
      host: 'gate',
      port: 2222,
      username: 'guest',
      publicKey: null,
      keyId: null,
      hostKey: null,
      hostKeyFingerprint: null,
    },
  });
  expect(Object.keys({ ...resource.attributes, ...resource.relationships }).sort()).toEqual(
    [...serverFields].sort(),
  );
});

test('what could not be measured is null, every value of it', () => {
  expect(new Set(Object.values(presentMonitoring(null)))).toEqual(new Set([null]));
});

test.each([
  [{}, 'required', 'privateKey'],
  [{ privateKey: 'x', keyId: deriveId('k') }, 'validation_failed', 'keyId'],
  [{ keyId: deriveId('k'), passphrase: 'x' }, 'validation_failed', 'passphrase'],
])('a jump host needs one key of its own: %j', async (key, code, name) => {
  const jump = { host: 'gate', username: 'guest', ...key };
  const connection = { ...attributes.connection, jump };
  const sent = toRegisterServerCommand(deriveId('s'), { ...attributes, connection }, inMemoryVault());
  await expect(sent).rejects.toMatchObject({
    problems: [{ code, source: { pointer: `/data/attributes/connection/jump/${name}` } }],
  });
});
