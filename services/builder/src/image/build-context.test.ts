import { afterEach, expect, test } from '@jest/globals';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import { contextOf, pathsBelow } from './build-context.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

const folderOf = async (files: Record<string, string>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'alfa-context-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
};
const modifiedAt = new Date('2026-01-02T03:04:05Z');
const packed = async (folder: string, dockerfile = 'Dockerfile') => {
  const entries: {
    name: string;
    type: unknown;
    mode: unknown;
    linkname: unknown;
    content: string;
    mtime: unknown;
  }[] = [];
  const reader = extract();
  reader.on('entry', ({ name, type, mode, linkname, mtime }, content, next) => {
    const take = async (): Promise<void> => {
      entries.push({
        name: name.replace(/\/$/, ''),
        type,
        mode,
        linkname,
        content: await text(content),
        mtime,
      });
      next();
    };
    void take();
  });
  await pipeline(await contextOf(folder, { dockerfile, modifiedAt }), reader);
  return entries;
};

test('files, directories and links come with their modes, in the order of their names, at one time', async () => {
  const folder = await folderOf({ Dockerfile: 'FROM a', 'app/run': '#!', 'app/empty': '' });
  await chmod(join(folder, 'app/run'), 0o755);
  await symlink('../elsewhere', join(folder, 'app/link'));
  const entries = await packed(folder);
  expect(entries.map(({ name }) => name)).toEqual(['Dockerfile', 'app', 'app/empty', 'app/link', 'app/run']);
  expect(entries.at(-1)).toMatchObject({ mode: 0o755, content: '#!', mtime: modifiedAt });
  expect(entries[3]).toMatchObject({ type: 'symlink', linkname: '../elsewhere' });
});

test('.dockerignore leaves out, takes back in, and never takes the Dockerfile away', async () => {
  const folder = await folderOf({
    '.dockerignore': 'docs\n!docs/kept.md\nDockerfile\n*.log\n**/cache\n',
    Dockerfile: 'FROM a',
    'a.log': '',
    'docs/kept.md': '',
    'docs/other.md': '',
    'app/cache/x': '',
    'app/y.log': '',
  });
  expect((await packed(folder)).map(({ name }) => name)).toEqual([
    '.dockerignore',
    'Dockerfile',
    'app',
    'app/y.log',
    'docs/kept.md',
  ]);
});

test('without a Dockerfile nothing is sent', async () => {
  const folder = await folderOf({ 'docker/Dockerfile': 'FROM a' });
  await expect(packed(folder)).rejects.toMatchObject({ code: 'dockerfile_missing', kind: 'final' });
  expect((await packed(folder, 'docker/Dockerfile')).map(({ name }) => name)).toContain('docker/Dockerfile');
});

test('a .dockerignore that is no file, or a very long one, is refused in words and not read', async () => {
  const linked = await folderOf({ Dockerfile: 'FROM a', rules: 'x' });
  await symlink('rules', join(linked, '.dockerignore'));
  const long = await folderOf({ Dockerfile: 'FROM a', '.dockerignore': 'x\n'.repeat(600_000) });
  for (const folder of [linked, long])
    await expect(packed(folder)).rejects.toMatchObject({ code: 'dockerignore_refused', kind: 'final' });
});

test('a folder of very many files is listed', async () => {
  const names = Array.from({ length: 130_000 }, (_, index) => String(index));
  const entriesIn = async (path: string) =>
    path === ''
      ? [{ name: 'many', isDirectory: () => true }]
      : names.map((name) => ({ name, isDirectory: () => false }));
  const found = await pathsBelow(entriesIn, { isLeftOut: () => false, hasExceptions: false });
  expect(found).toHaveLength(130_001);
});
