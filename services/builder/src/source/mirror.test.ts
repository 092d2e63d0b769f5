import { afterEach, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gitEnvironment } from './git-environment.ts';
import { openMirror, type Mirror } from './mirror.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

const newMirror = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'alfa-mirror-'));
  folders.push(folder);
  const path = join(folder, 'a.git');
  const mirror = openMirror(path, gitEnvironment({ fileUrls: true }, folder));
  await mirror.run(['init', '--quiet', '--bare', '--template=', '--', path]);
  return { path, mirror };
};

/** Writes what nobody needs, three weeks ago. @returns whether it is still there */
const litter = async (path: string, mirror: Mirror, text: string): Promise<() => Promise<boolean>> => {
  const file = join(path, text);
  await writeFile(file, text);
  const id = (await mirror.run(['hash-object', '-w', '--no-filters', '--', file])).trim();
  const folder = join(path, 'objects', id.slice(0, 2));
  const then = new Date(Date.now() - 21 * 86_400_000);
  await utimes(join(folder, id.slice(2)), then, then);
  return async () => (await readdir(folder).catch((): string[] => [])).includes(id.slice(2));
};

test('what nobody needs goes from a mirror, once a day', async () => {
  const { path, mirror } = await newMirror();
  const isThere = await litter(path, mirror, 'first');
  await mirror.tidy({});
  expect(await isThere()).toBe(false);
  const isThereToo = await litter(path, mirror, 'second');
  await mirror.tidy({});
  expect(await isThereToo()).toBe(true);
});

test('a mirror that was made just now is not tidied', async () => {
  const { path: theirs, mirror: repository } = await newMirror();
  const tree = (await repository.run(['hash-object', '-w', '-t', 'tree', '--', '/dev/null'])).trim();
  const author = ['-c', 'user.name=Test', '-c', 'user.email=test@lab.test'];
  const sha = (await repository.run([...author, 'commit-tree', '-m', 'First', tree])).trim();
  await repository.run(['update-ref', 'refs/heads/dev', sha]);
  const path = join(dirname(theirs), 'ours.git');
  const env = gitEnvironment({ fileUrls: true }, dirname(theirs));
  const mirror = openMirror(path, env);
  await mirror.fetchBranch(`file://${theirs}`, 'dev', 'dev', env, {});
  expect(await mirror.commitOf('dev')).toBe(sha);
  const isThere = await litter(path, mirror, 'litter');
  await mirror.tidy({});
  expect(await isThere()).toBe(true);
});

test('a mirror that can not be tidied is told of and built from', async () => {
  const { path, mirror } = await newMirror();
  await writeFile(join(path, 'packed-refs'), 'nonsense');
  await mkdir(join(path, 'refs'), { recursive: true });
  const lines: string[] = [];
  await mirror.tidy({ onLine: (line) => lines.push(line) });
  expect(lines.join()).toContain('The copy of the repository could not be tidied');
});
