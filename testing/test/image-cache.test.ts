import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { temporaryDirectory } from '../src/temporary-directory.ts';
import { cachedKeys, cachedTar } from '../images/cache.ts';

test('of older versions the last one stays in the cache; what was left half made goes', async () => {
  await using place = await temporaryDirectory('alfa-cache-');
  process.env['ALFA_TEST_CACHE'] = place.path;
  const folder = join(place.path, 'images');
  for (const [index, key] of ['one', 'two', 'three'].entries()) {
    const path = await cachedTar('images', key, (temporaryPath) => writeFile(temporaryPath, key));
    await utimes(path, index, index);
    await writeFile(join(folder, 'images-making-1'), '');
    await writeFile(join(folder, 'roots-a.tar'), '');
  }
  expect((await cachedKeys('images')).sort()).toEqual(['three', 'two']);
  await cachedTar('images', 'two', () => Promise.reject(new Error('made twice')));
  await cachedTar('images', 'four', (temporaryPath) => writeFile(temporaryPath, ''));
  expect((await readdir(folder)).sort()).toEqual(['images-four.tar', 'images-three.tar', 'roots-a.tar']);
});
