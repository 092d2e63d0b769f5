import { afterEach, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkOutTree } from './check-out.ts';
import type { Mirror } from './mirror.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

/** Lines of warning of a check-out that leaves these files. */
const warned = async (leave: (folder: string) => Promise<void>): Promise<string[]> => {
  const place = await mkdtemp(join(tmpdir(), 'alfa-check-out-'));
  folders.push(place);
  const folder = join(place, 'files');
  const run: Mirror['run'] = async ([first]) => {
    if (first?.startsWith('--work-tree=') === true) await leave(folder);
    return '';
  };
  const lines: string[] = [];
  const limits = { filesMax: 10, bytesMax: 1000 };
  const call = { env: {}, warn: (line: string) => lines.push(line) };
  await checkOutTree({ run } as Mirror, { sha: 'a'.repeat(40), folder, limits }, call);
  return lines;
};

const lfs = '*.bin filter=lfs diff=lfs\n';

test('files of Git LFS are told of', async () => {
  expect(await warned((folder) => writeFile(join(folder, '.gitattributes'), lfs))).toHaveLength(1);
});

test('.gitattributes that are a link, a directory or very long are not read', async () => {
  const linked = (folder: string) =>
    writeFile(join(folder, 'x'), lfs).then(() => symlink('x', join(folder, '.gitattributes')));
  const long = (folder: string) => writeFile(join(folder, '.gitattributes'), lfs.repeat(50_000));
  const directory = async (folder: string) => {
    await mkdir(join(folder, '.gitattributes'));
  };
  for (const leave of [linked, long, directory]) expect(await warned(leave)).toEqual([]);
});
