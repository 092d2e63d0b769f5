import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  createGitRepository,
  temporaryDirectory,
  type GitRepository,
  type TemporaryDirectory,
} from '@alfa-cloud/testing';
import { createSource } from '../src/source/create-source.ts';
import type { Source, SourceIo } from '../src/source/source.ts';

let place: TemporaryDirectory;
let repository: GitRepository;

beforeAll(async () => {
  place = await temporaryDirectory('alfa-source-');
});
afterAll(() => place.remove());

let number = 0;
const fresh = () => join(place.path, String((number += 1)));

const sourceOf = (url: string, options: { directory?: string; dev?: string; prod?: string } = {}): Source => {
  const { directory = fresh(), dev = 'dev', prod = 'master' } = options;
  return createSource({
    directory,
    git: { fileUrls: true },
    transferMs: 30_000,
    tree: { filesMax: 50, bytesMax: 1024 ** 2 },
    repository: async () => ({
      url,
      address: { protocol: 'file' },
      credentials: null,
      branches: { dev, prod },
      dockerfile: 'Dockerfile',
    }),
  });
};
const lines: string[] = [];
const io: SourceIo = { signal: new AbortController().signal, log: (line) => lines.push(line) };

beforeAll(async () => {
  repository = await createGitRepository();
});
afterAll(async () => {
  await repository[Symbol.asyncDispose]();
});

test('the newest commit of a branch is found after each push, with what its author wrote', async () => {
  const source = sourceOf(repository.url);
  const first = await repository.commit('dev', { Dockerfile: 'FROM a\n' }, 'First\n\nand more');
  expect(await source.resolve('dev', io)).toMatchObject({ sha: first, branch: 'dev', subject: 'First' });
  const second = await repository.commit('dev', { Dockerfile: 'FROM b\n' }, 'Вторая');
  const third = await repository.commit('dev', {}, 'Third');
  expect(await source.resolve('dev', io)).toMatchObject({ sha: third, subject: 'Third' });
  const author = expect.any(String);
  const committedAt = expect.any(String);
  expect(await source.between(first, third)).toEqual({
    commits: [
      { sha: third, subject: 'Third', author, committedAt },
      { sha: second, subject: 'Вторая', author, committedAt },
    ],
    commitsTotal: 2,
    left: 0,
    filesChanged: 1,
  });
  expect(await source.between(third, first)).toMatchObject({ commits: [], left: 2, filesChanged: 1 });
  const lost = 'f'.repeat(40);
  expect(await source.between(lost, third)).toEqual({ gone: [lost] });
});

test('a tag, or a branch of another name, never stands for the branch', async () => {
  const dev = await repository.commit('dev', { a: '1' });
  await repository.commit('other', { a: '2' });
  await repository.git('tag', '--force', 'dev', 'other');
  await repository.git('update-ref', 'refs/heads/refs/heads/dev', 'other');
  expect((await sourceOf(repository.url).resolve('dev', io)).sha).toBe(dev);
});

test.each(['feature/x', 'feature-x', 'ветка', 'x'.repeat(200)])('branch %s is built from', async (name) => {
  const sha = await repository.commit(name, { name });
  expect(await sourceOf(repository.url, { dev: name }).resolve('dev', io)).toMatchObject({
    sha,
    branch: name,
  });
});

test('the branch of one role may become a directory of branches, and the other way round', async () => {
  const directory = fresh();
  await repository.commit('release', {});
  await sourceOf(repository.url, { directory, dev: 'release' }).resolve('dev', io);
  await repository.git('checkout', '--quiet', 'dev');
  await repository.git('branch', '--move', 'release', 'release/1');
  const { branch } = await sourceOf(repository.url, { directory, dev: 'release/1' }).resolve('dev', io);
  expect(branch).toBe('release/1');
});

test('an option in the place of a branch is refused and not run', async () => {
  const mark = fresh();
  const source = sourceOf(repository.url, { dev: `--upload-pack=touch ${mark}` });
  await expect(source.resolve('dev', io)).rejects.toMatchObject({
    code: 'branch_name_refused',
    kind: 'final',
  });
  await expect(sourceOf(`--upload-pack=touch ${mark}`).resolve('dev', io)).rejects.toMatchObject({
    name: 'StepFailure',
  });
  expect(existsSync(mark)).toBe(false);
});

test('a check-out holds the files of the commit and nothing else, however often it is repeated', async () => {
  await repository.commit('dev', {
    'bin/run': '#!/bin/sh\n',
    'docs/a b': 'text\r\n',
    '.gitattributes': 'docs export-ignore\n* text=auto\n',
  });
  await symlink('bin/run', join(repository.path, 'start'));
  await repository.git('update-index', '--chmod=+x', 'bin/run');
  const sha = await repository.commit('dev', {});
  const source = sourceOf(repository.url);
  const commit = await source.resolve('dev', io);
  expect(commit.sha).toBe(sha);
  const folder = join(fresh(), 'tree');
  await mkdir(join(folder, 'left'), { recursive: true });
  await writeFile(join(folder, 'left', 'over'), 'x');
  for (let time = 1; time <= 2; time += 1) {
    await source.checkOut(commit, folder, io);
    const expected = (await repository.git('ls-tree', '-r', '--name-only', '-z', sha))
      .split('\0')
      .filter((name) => name !== '');
    const found = (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => !entry.isDirectory())
      .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));
    expect(found.toSorted()).toEqual(expected.toSorted());
  }
  expect(await readlink(join(folder, 'start'))).toBe('bin/run');
  expect((await stat(join(folder, 'start'))).isFile()).toBe(true);
  expect(await readFile(join(folder, '.gitattributes'), 'utf8')).toContain('export-ignore');
  expect(await readdir(join(folder, '..'))).toEqual(['tree']);
});

test('a commit that a force-push has taken away is still checked out', async () => {
  const source = sourceOf(repository.url);
  await repository.commit('dev', { kept: 'yes' });
  const commit = await source.resolve('dev', io);
  await repository.git('reset', '--quiet', '--hard', 'HEAD~1');
  await repository.git('reflog', 'expire', '--expire=now', '--all');
  await repository.git('gc', '--quiet', '--prune=now');
  const after = await source.resolve('dev', io);
  expect(after.sha).not.toBe(commit.sha);
  const folder = fresh();
  await source.checkOut(commit, folder, io);
  expect(await readFile(join(folder, 'kept'), 'utf8')).toBe('yes');

  // Another builder has never had it, and says so.
  await expect(sourceOf(repository.url).checkOut(commit, fresh(), io)).rejects.toMatchObject({
    code: 'commit_gone',
    kind: 'final',
  });
});

test('a builder that has never fetched the commit fetches it for the check-out', async () => {
  const sha = await repository.commit('dev', { fetched: 'yes' });
  await repository.commit('dev', {});
  const folder = fresh();
  await sourceOf(repository.url).checkOut({ sha, branch: 'dev' }, folder, io);
  expect(await readFile(join(folder, 'fetched'), 'utf8')).toBe('yes');
});

test.each([
  ['its objects are gone', (mirror: string) => rm(join(mirror, 'objects'), { recursive: true })],
  ['its HEAD is empty', (mirror: string) => writeFile(join(mirror, 'HEAD'), '')],
  ['its configuration is garbage', (mirror: string) => writeFile(join(mirror, 'config'), '[[[')],
  [
    'a killed git has left its lock',
    async (mirror: string) => {
      // Tidying has packed what was in it.
      await mkdir(join(mirror, 'refs/alfa/branches'), { recursive: true });
      await writeFile(join(mirror, 'refs/alfa/branches/dev.lock'), '');
    },
  ],
])('a broken mirror is made anew: %s', async (_what, breakIt) => {
  const directory = fresh();
  const source = sourceOf(repository.url, { directory });
  await source.resolve('dev', io);
  const mirror = join(directory, (await readdir(directory)).find((name) => name.endsWith('.git')) ?? '');
  await breakIt(mirror);
  const sha = await repository.commit('dev', { broken: String(number) });
  const commit = await source.resolve('dev', io);
  expect(commit.sha).toBe(sha);
  await source.checkOut(commit, fresh(), io);
  expect((await readdir(directory)).filter((name) => name.includes('.part-'))).toEqual([]);
});

test('two builders that share a directory do not disturb each other', async () => {
  const directory = fresh();
  const sha = await repository.commit('dev', { shared: 'yes' });
  const sources = [1, 2, 3].map(() => sourceOf(repository.url, { directory }));
  const commits = await Promise.all(sources.map((source) => source.resolve('dev', io)));
  expect(commits.map((commit) => commit.sha)).toEqual([sha, sha, sha]);
});

test('a call that is cut off ends at once with its reason, and the next one goes on', async () => {
  const source = sourceOf(repository.url);
  const controller = new AbortController();
  const cutOff = source.resolve('dev', {
    ...io,
    log: () => controller.abort(new Error('cut off')),
    signal: controller.signal,
  });
  await expect(cutOff).rejects.toThrow('cut off');
  await source.resolve('dev', io);
});

test.each([
  ['branch_missing', () => sourceOf(repository.url, { dev: 'absent' })],
  ['repository_not_found', () => sourceOf('file:///nowhere/at/all')],
  ['repository_address_not_allowed', () => sourceOf('ext::sh -c true')],
  ['repository_address_not_allowed', () => sourceOf('http://127.0.0.1:1/x')],
  ['repository_unreachable', () => sourceOf('https://127.0.0.1:1/x')],
  ['repository_host_unknown', () => sourceOf('https://nowhere.invalid/x')],
])('what stands in the way is told: %s', async (code, source) => {
  await expect(source().resolve('dev', io)).rejects.toMatchObject({ name: 'StepFailure', code });
});

test('an empty repository is told from one without the branch', async () => {
  await using empty = await createGitRepository();
  await expect(sourceOf(empty.url).resolve('dev', io)).rejects.toMatchObject({ code: 'repository_empty' });
});

test('submodules and files of Git LFS are named, a commit that is too large is refused', async () => {
  const sha = await repository.commit('dev', { '.gitattributes': '*.bin filter=lfs\n' });
  await repository.git('update-index', '--add', '--cacheinfo', `160000,${sha},theme`);
  await repository.git('commit', '--quiet', '--message', 'Theme');
  const source = sourceOf(repository.url);
  lines.length = 0;
  await source.checkOut(await source.resolve('dev', io), fresh(), io);
  expect(lines.join('\n')).toMatch(/Submodule theme.*\n?.*Git LFS/);
  await repository.commit('dev', { large: 'x'.repeat(1024 ** 2) });
  await expect(source.checkOut(await source.resolve('dev', io), fresh(), io)).rejects.toMatchObject({
    code: 'repository_too_large',
  });
});
