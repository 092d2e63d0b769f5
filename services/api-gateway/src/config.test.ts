import { expect, test } from '@jest/globals';
import { readGatewayConfig } from './config.ts';

test('without anything set only this machine may call', () => {
  expect(readGatewayConfig({})).toMatchObject({
    host: '127.0.0.1',
    port: 8080,
    allowedAddresses: ['127.0.0.0/8', '::1'],
    allowedOrigins: [],
    trustProxy: false,
    firstCredentials: { login: 'admin' },
  });
});

test.each([
  ['2', 2],
  ['false', false],
  ['0', false],
  ['loopback, 10.0.0.1', ['loopback', '10.0.0.1']],
])('ALFA_TRUST_PROXY=%s', (value, expected) => {
  expect(readGatewayConfig({ ALFA_TRUST_PROXY: value }).trustProxy).toEqual(expected);
});

test('every fault is named at once, and "true" does not mean that everybody is believed', () => {
  const read = () =>
    readGatewayConfig({
      ALFA_ALLOWED_ADDRESSES: '10.0.0.0/99',
      ALFA_ALLOWED_ORIGINS: 'https://mol.test/path',
      ALFA_TRUST_PROXY: 'true',
      ALFA_ADMIN_LOGIN: 'a:b',
      ALFA_ADMIN_PASSWORD: 'x',
      ALFA_ADMIN_PASSWORD_FILE: 'y',
    });
  for (const name of ['ADDRESSES', 'ORIGINS', 'TRUST_PROXY', 'LOGIN', 'PASSWORD_FILE'])
    expect(read).toThrow(name);
});
