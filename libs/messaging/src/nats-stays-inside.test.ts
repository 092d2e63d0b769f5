import { glob, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../../..');

const importersOf = async (pattern: RegExp): Promise<string[]> => {
  const found: string[] = [];
  for await (const file of glob('{{libs,services}/*,testing,embedded}/src/**/*.ts', { cwd: root })) {
    if (pattern.test(await readFile(join(root, file), 'utf8'))) found.push(file);
  }
  return found;
};

test('only this library imports the NATS client', async () => {
  const importers = await importersOf(/from '(?:nats|@nats-io\/[^']+)'/);
  const here = relative(root, import.meta.dirname);
  expect(importers.filter((file) => !file.startsWith(here))).toEqual([]);
  expect(importers).toContain(join(here, 'connection/connect.ts'));
});
