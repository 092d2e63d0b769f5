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
  });
  expect(Object.keys({ ...resource.attributes, ...resource.relationships }).sort()).toEqual(
    [...serverFields].sort(),
  );
});

test('what could not be measured is null, every value of it', () => {
  expect(new Set(Object.values(presentMonitoring(null)))).toEqual(new Set([null]));
});
