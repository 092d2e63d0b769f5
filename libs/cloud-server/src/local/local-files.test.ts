import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { ServerFiles } from '../cloud-server.ts';
import { relativeSegments } from '../relative-path.ts';
import { localFiles } from './local-files.ts';

let outside: string;
let root: string;
let files: ServerFiles;
beforeEach(async () => {
  outside = await mkdtemp(join(tmpdir(), 'alfa-files-'));
  root = join(outside, 'root');
  files = localFiles(root);
});
afterEach(() => rm(outside, { recursive: true, force: true }));

describe('files', () => {
  test('are replaced as a whole, with just the mode asked for', async () => {
    await files.createDirectory('clients/a', { mode: 0o755 });
    await files.writeAtomic('clients/a/client.env', 'one', { mode: 0o644 });
    await files.writeAtomic('clients/a/client.env', 'two', { mode: 0o600 });
    expect(await files.read('clients/a/client.env')).toBe('two');
    expect((await stat(join(root, 'clients/a/client.env'))).mode & 0o777).toBe(0o600);
    expect(await files.list('clients/a')).toEqual(['client.env']);
  });

  test('a draft that a crash has left is replaced and gone', async () => {
    await files.createDirectory('a', { mode: 0o755 });
    await writeFile(join(root, 'a/.x.draft'), 'half', { mode: 0o444 });
    await files.writeAtomic('a/x', 'whole', { mode: 0o600 });
    expect(await readdir(join(root, 'a'))).toEqual(['x']);
  });

  test('what is absent reads as null and is removed without a word', async () => {
    expect(await files.read('none/x')).toBe(null);
    expect(await files.list('none')).toBe(null);
    await files.removeFile('none/x');
    await files.removeDirectory('none');
  });

  test('a directory goes with all that is in it', async () => {
    await files.createDirectory('a/b', { mode: 0o755 });
    await files.writeAtomic('a/b/x', '', { mode: 0o600 });
    await files.removeDirectory('a');
    expect(await files.list('a')).toBe(null);
  });

  test('a write into a directory that is not there fails for good', async () => {
    await expect(files.writeAtomic('none/x', '', { mode: 0o600 })).rejects.toMatchObject({
      kind: 'final',
      code: 'file_failed',
    });
  });
});

test('a disk that does not answer in time may do so later', async () => {
  await mkdir(root);
  const pipe = join(root, 'silent');
  execFileSync('mkfifo', [pipe]);
  await expect(files.read('silent', { deadlineMs: 20 })).rejects.toMatchObject({
    kind: 'transient',
    code: 'deadline_exceeded',
  });
  // Lets the reading end that is still waited for.
  await writeFile(pipe, '');
});

describe('paths', () => {
  test('never lead out of the root', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('.', '/', 'a', '\0', '\\', '-') }), (path) => {
        let segments: string[];
        try {
          segments = relativeSegments(path);
        } catch (error) {
          expect(error).toMatchObject({ code: 'path_refused' });
          return;
        }
        expect(join('/root', ...segments)).toBe(`/root/${path}`);
      }),
    );
  });

  test.each(['../x', '/etc/passwd', 'a/../../x', 'a//b', '', '.', 'a/./b'])('%j is refused', async (path) => {
    await expect(files.read(path)).rejects.toMatchObject({ code: 'path_refused' });
    await expect(files.removeDirectory(path)).rejects.toMatchObject({ code: 'path_refused' });
  });

  test('a symbolic link is not followed', async () => {
    await mkdir(root);
    await mkdir(join(outside, 'secret'));
    await writeFile(join(outside, 'secret/x'), 'theirs');
    await symlink(join(outside, 'secret'), join(root, 'link'));
    await expect(files.read('link/x')).rejects.toMatchObject({ code: 'path_refused' });
    await expect(files.writeAtomic('link/y', '', { mode: 0o600 })).rejects.toMatchObject({
      code: 'path_refused',
    });
    await expect(files.removeFile('link/x')).rejects.toMatchObject({ code: 'path_refused' });
    expect(await readdir(join(outside, 'secret'))).toEqual(['x']);
  });
});
