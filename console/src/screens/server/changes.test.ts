import { expect, test } from '@jest/globals';
import { changeOf, connectionOf, placeOf } from './changes.ts';

test('numbers are sent as such, empty limits not at all', () => {
  const values = { name: ' cloud-1 ', active: true, 'capacity/clients': '20', 'limits/uploadMb': '128' };
  expect(changeOf({ ...values, 'limits/requestTimeoutS': '' })).toEqual({
    name: 'cloud-1',
    active: true,
    capacity: { clients: 20 },
    limits: { uploadMb: 128 },
  });
});

test('a connection without a new key keeps that of before, and its jump host', () => {
  const unknown = { publicKey: null, keyId: null, hostKey: null, hostKeyFingerprint: null };
  const before = {
    ...unknown,
    kind: 'ssh' as const,
    host: 'old',
    port: 22,
    username: 'alfa',
    jump: { host: 'gate', port: 22, username: 'hop', ...unknown, publicKey: 'ssh-ed25519 AAAA' },
  };
  const values = { 'connection/host': 'new', 'connection/port': '2222', 'connection/username': 'alfa' };
  expect(connectionOf(values, before)).toEqual({
    kind: 'ssh',
    host: 'new',
    port: 2222,
    username: 'alfa',
    jump: { host: 'gate', port: 22, username: 'hop' },
  });
  expect(connectionOf({ ...values, 'connection/privateKey': 'KEY ' }, { kind: 'local' })).toMatchObject({
    privateKey: 'KEY\n',
  });
});

test('a port for HTTPS is left out while there is none', () => {
  expect(placeOf({ role: 'stage', domain: 'a.test', 'proxy/httpPort': '80' })).toEqual({
    role: 'stage',
    domain: 'a.test',
    proxy: { httpPort: 80 },
  });
});
