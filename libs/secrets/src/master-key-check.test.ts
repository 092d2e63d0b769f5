import { expect, test } from '@jest/globals';
import { createVault } from './create-vault.ts';
import type { KeyStore } from './key-store.ts';
import { adoptMasterKey, foreignKeys, verifyMasterKey } from './master-key-check.ts';
import { inMemoryKeyStore } from './testing.ts';

const [right, wrong] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
const refusal = { name: 'MasterKeyRefused', message: expect.stringContaining('Put the right key file back') };

const withClients = async (masterKey: Uint8Array, keys: KeyStore, ...slugs: string[]): Promise<string[]> => {
  const vault = createVault({ masterKey, keys });
  for (const slug of slugs) await vault.ensureKey(`client.${slug}`);
  return Promise.all(slugs.map((slug) => vault.seal(`client.${slug}`, slug)));
};

test('the master key of the first start is the only one taken afterwards', async () => {
  const keys = inMemoryKeyStore();
  await verifyMasterKey(right, keys);
  await verifyMasterKey(right, keys);
  await expect(verifyMasterKey(wrong, keys)).rejects.toMatchObject(refusal);
});

test('of services that start at once with different master keys only those with one of them do', async () => {
  const keys = inMemoryKeyStore();
  const starts = await Promise.allSettled(
    [right, wrong, right, wrong].map((masterKey) => verifyMasterKey(masterKey, keys)),
  );
  expect(starts.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
});

test('an installation without a check value is known by its oldest keys, whatever a wrong key has added', async () => {
  const keys = inMemoryKeyStore();
  await withClients(right, keys, 'a', 'b');
  await withClients(wrong, keys, 'made-under-the-wrong-key');
  await expect(verifyMasterKey(wrong, keys)).rejects.toMatchObject(refusal);
  expect(await keys.get('master-check')).toBeNull();
  await verifyMasterKey(right, keys);
  await expect(verifyMasterKey(wrong, keys)).rejects.toMatchObject(refusal);
});

test('a key that another master key has sealed counts as destroyed and is named once', async () => {
  const keys = inMemoryKeyStore();
  const [sealed = ''] = await withClients(wrong, keys, 'made-under-the-wrong-key');
  const named: string[][] = [];
  const vault = createVault({ masterKey: right, keys, onLostKey: (...lost) => void named.push(lost) });
  await expect(vault.open(sealed)).rejects.toMatchObject({ name: 'KeyDestroyed' });
  await expect(vault.open(sealed)).rejects.toMatchObject({ name: 'KeyDestroyed' });
  await expect(vault.seal('client.made-under-the-wrong-key', 'x')).rejects.toMatchObject({
    name: 'KeyDestroyed',
  });
  expect(named).toEqual([['client.made-under-the-wrong-key', 'foreign']]);
  expect(vault.lostKeys()).toEqual(['client.made-under-the-wrong-key']);
});

test('adopting another master key destroys what it does not open, and nothing else', async () => {
  const keys = inMemoryKeyStore();
  await verifyMasterKey(right, keys);
  const [lost = ''] = await withClients(right, keys, 'lost');
  const [kept = ''] = await withClients(wrong, keys, 'kept');
  expect(await foreignKeys(wrong, keys)).toEqual(['client.lost']);
  expect(await adoptMasterKey(wrong, keys)).toEqual(['client.lost']);
  expect(await adoptMasterKey(wrong, keys)).toEqual([]);
  await verifyMasterKey(wrong, keys);
  const vault = createVault({ masterKey: wrong, keys });
  expect(await vault.open(kept)).toBe('kept');
  await expect(vault.open(lost)).rejects.toMatchObject({ name: 'KeyDestroyed' });
  await vault.ensureKey('client.lost');
  await expect(vault.open(lost)).rejects.toMatchObject({ name: 'SealBroken' });
});
