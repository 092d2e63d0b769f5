import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createVault } from './create-vault.ts';
import { generatePassword, hashPassword, verifyPassword } from './password.ts';
import { createRedactor, redacted } from './redact.ts';
import { inMemoryKeyStore, inMemoryVault } from './testing.ts';

const masterKey = (fill: number) => new Uint8Array(32).fill(fill);

test('what is sealed for a client opens again and does not show its text', async () => {
  const vault = inMemoryVault();
  await vault.ensureKey('client.a');
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
      const sealed = await vault.seal('client.a', text);
      expect(sealed.startsWith('v1.client.a.')).toBe(true);
      if (text.length > 3) expect(sealed).not.toContain(text);
      expect(await vault.open(sealed)).toBe(text.toWellFormed());
    }),
    { numRuns: 50 },
  );
});

test('a destroyed key opens nothing any more, also on another vault over the same store', async () => {
  const keys = inMemoryKeyStore();
  const [one, other] = [
    createVault({ masterKey: masterKey(1), keys }),
    createVault({ masterKey: masterKey(1), keys }),
  ];
  await one.ensureKey('client.a');
  const sealed = await one.seal('client.a', 'text');
  expect(await other.open(sealed)).toBe('text');
  await one.destroyKey('client.a');
  await expect(one.open(sealed)).rejects.toThrow('does not exist');
  await expect(other.open(sealed)).rejects.toThrow('does not exist');
});

test('ensureKey keeps the key that is there', async () => {
  const keys = inMemoryKeyStore();
  const one = createVault({ masterKey: masterKey(1), keys });
  await one.ensureKey('client.a');
  const sealed = await one.seal('client.a', 'text');
  await createVault({ masterKey: masterKey(1), keys }).ensureKey('client.a');
  expect(await createVault({ masterKey: masterKey(1), keys }).open(sealed)).toBe('text');
});

test('another master key, another scope or a changed byte does not open', async () => {
  const keys = inMemoryKeyStore();
  const vault = createVault({ masterKey: masterKey(1), keys });
  await vault.ensureKey('client.a');
  await vault.ensureKey('client.b');
  const sealed = await vault.seal('client.a', 'text');
  await expect(createVault({ masterKey: masterKey(2), keys }).open(sealed)).rejects.toThrow(
    'another master key',
  );
  await expect(vault.open(sealed.replace('client.a', 'client.b'))).rejects.toThrow('does not open');
  const last = sealed.at(-2) === 'A' ? 'B' : 'A';
  await expect(vault.open(sealed.slice(0, -2) + last + sealed.slice(-1))).rejects.toThrow('does not open');
  await expect(vault.open('plain')).rejects.toThrow('Not a sealed text');
});

test('transport is shared by all vaults of the installation and fingerprints need the master key', async () => {
  const [one, other, foreign] = [1, 1, 2].map((fill) =>
    createVault({ masterKey: masterKey(fill), keys: inMemoryKeyStore() }),
  );
  const sealed = await one?.seal('transport', 'password');
  expect(await other?.open(sealed ?? '')).toBe('password');
  expect(one?.fingerprint('x')).toBe(other?.fingerprint('x'));
  expect(one?.fingerprint('x')).not.toBe(foreign?.fingerprint('x'));
});

test('a password verifies against its own hash only', async () => {
  const password = generatePassword();
  const stored = await hashPassword(password);
  expect(stored).not.toContain(password);
  expect(await verifyPassword(password, stored)).toBe(true);
  expect(await verifyPassword(`${password} `, stored)).toBe(false);
  await expect(verifyPassword(password, 'plain')).rejects.toThrow('Not a password hash');
});

test('redaction leaves no form of a secret', () => {
  const secret = 'p"ä ss/word+';
  const redact = createRedactor([secret, 'ss/word', 'abc']);
  for (const form of [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret),
    Buffer.from(secret).toString('base64'),
  ]) {
    const text = redact(`before ${form} after abc`);
    expect(text).toContain(redacted);
    expect(text).not.toContain('word');
    expect(text).not.toContain(form);
    expect(text).toContain('after abc');
  }
});
