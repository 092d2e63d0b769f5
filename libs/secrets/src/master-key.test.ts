import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadMasterKey } from './master-key.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alfa-master-key-'));
});
afterEach(() => rm(directory, { recursive: true }));

test('many processes at once make one key, readable by its owner only', async () => {
  const file = join(directory, 'nested', 'master.key');
  const keys = await Promise.all(Array.from({ length: 10 }, () => loadMasterKey(file, { create: true })));
  expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(join(directory, 'nested'))).toEqual(['master.key']);
});

test('an absent or malformed key is refused by name', async () => {
  const file = join(directory, 'master.key');
  await expect(loadMasterKey(file, { create: false })).rejects.toThrow(file);
  await writeFile(file, 'short');
  await expect(loadMasterKey(file, { create: true })).rejects.toThrow('64 hexadecimal digits');
});
