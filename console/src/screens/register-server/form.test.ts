import { expect, test } from '@jest/globals';
import { attributesOf, emptyForm } from './form.ts';

test('what was not typed is not sent; numbers are numbers', () => {
  const form = { ...emptyForm(), name: ' cloud-1 ', domain: 'a.test' };
  form.login.host = '10.0.0.1';
  form.login.username = 'alfa';
  form.login.keyId = 'k1';
  form.login.privateKey = 'not meant';
  expect(attributesOf(form)).toEqual({
    name: 'cloud-1',
    domain: 'a.test',
    role: 'production',
    capacity: { clients: 100 },
    proxy: { httpPort: 80 },
    connection: { kind: 'ssh', host: '10.0.0.1', port: 22, username: 'alfa', keyId: 'k1' },
  });
});

test('limits and the port for HTTPS are sent where they were typed', () => {
  const typed = attributesOf({ ...emptyForm(), httpsPort: '443', uploadMb: '128' });
  expect(typed).toMatchObject({ proxy: { httpPort: 80, httpsPort: 443 }, limits: { uploadMb: 128 } });
  expect(typed['limits']).not.toHaveProperty('requestTimeoutS');
});

test('a pasted key ends with a line break; a jump host has a login of its own', () => {
  const form = { ...emptyForm(), hasJump: true };
  form.login.keyKind = 'pasted';
  form.login.privateKey = '  KEY  ';
  form.jump.host = 'gate';
  expect(attributesOf(form)['connection']).toEqual({
    kind: 'ssh',
    port: 22,
    privateKey: 'KEY\n',
    jump: { host: 'gate', port: 22 },
  });
});

test('this machine itself needs no login', () => {
  expect(attributesOf({ ...emptyForm(), kind: 'local' })['connection']).toEqual({ kind: 'local' });
});
