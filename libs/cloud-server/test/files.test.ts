import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ServerFiles } from '../src/index.ts';
import { targets, type Target } from './targets.ts';

describe.each(targets)('files %s', (_, start) => {
  let target: Target;
  let files: ServerFiles;

  beforeAll(async () => {
    target = await start({ docker: false });
    ({ files } = target.server);
  });
  afterAll(() => target?.dispose());
  beforeEach(() => target.run('rm', '-rf', target.root));

  const shell = async (line: string) =>
    (await target.run('sh', '-c', `cd "$0" && ${line}`, target.root)).trim();

  test('are replaced as a whole, with just the mode asked for', async () => {
    await files.createDirectory('clients/a', { mode: 0o755 });
    await files.writeAtomic('clients/a/client.env', 'one', { mode: 0o644 });
    await files.writeAtomic('clients/a/client.env', 'zwölf\n', { mode: 0o600 });
    expect(await files.read('clients/a/client.env')).toBe('zwölf\n');
    expect(await shell('stat -c %a clients clients/a clients/a/client.env')).toBe('755\n755\n600');
    expect(await files.list('clients/a')).toEqual(['client.env']);
    await files.writeAtomic('clients/a/shared', '', { mode: 0o666 });
    expect(await shell('stat -c %a clients/a/shared && stat -c %s clients/a/shared')).toBe('666\n0');
  });

  test('are never seen half written', async () => {
    await files.createDirectory('a', { mode: 0o755 });
    const contents = ['x'.repeat(300_000), 'y'.repeat(200_000)];
    await files.writeAtomic('a/file', contents[0] ?? '', { mode: 0o644 });
    const enough = new AbortController();
    const written = { times: 0 };
    const writing = (async () => {
      while (!enough.signal.aborted)
        for (const content of contents.toReversed()) {
          await files.writeAtomic('a/file', content, { mode: 0o644 });
          written.times += 1;
        }
    })();
    writing.catch(() => undefined);
    const seen: (string | null)[] = [];
    while (seen.length < 6 || written.times < 6) seen.push(await files.read('a/file'));
    enough.abort();
    await writing;
    expect(seen.filter((text) => !contents.includes(text ?? ''))).toEqual([]);
    expect(await files.read('a/file')).toBe(contents[0]);
  });

  test('a draft that a crash has left is replaced and gone', async () => {
    await files.createDirectory('a', { mode: 0o755 });
    await shell('echo half >a/.x.draft && chmod 444 a/.x.draft');
    await files.writeAtomic('a/x', 'whole', { mode: 0o600 });
    expect(await files.list('a')).toEqual(['x']);
  });

  test('what is absent reads as null and is removed without a word', async () => {
    expect(await files.read('none/x')).toBe(null);
    expect(await files.list('none')).toBe(null);
    await files.removeFile('none/x');
    await files.removeDirectory('none');
  });

  test('a directory goes with all that is in it', async () => {
    await files.createDirectory('a/b', { mode: 0o755 });
    await files.createDirectory('a/b', { mode: 0o700 });
    expect(await shell('stat -c %a a/b')).toBe('755');
    await files.writeAtomic('a/b/x', '', { mode: 0o600 });
    await files.removeDirectory('a');
    expect(await files.list('a')).toBe(null);
  });

  test('two hundred are written side by side', async () => {
    await files.createDirectory('many', { mode: 0o755 });
    const names = Array.from({ length: 200 }, (_, index) => `file-${index}`);
    await Promise.all(
      names.map((name) => files.writeAtomic(`many/${name}`, name, { mode: 0o600, deadlineMs: 60_000 })),
    );
    expect((await files.list('many'))?.toSorted()).toEqual(names.toSorted());
    expect(await files.read('many/file-77')).toBe('file-77');
  });

  test('a write into a directory that is not there fails for good', async () => {
    await expect(files.writeAtomic('none/x', '', { mode: 0o600 })).rejects.toMatchObject({
      kind: 'final',
      code: 'file_failed',
    });
  });

  test.each(['../x', '/etc/passwd', 'a/../../x', 'a//b', '', '.', 'a/./b'])(
    'path %j is refused',
    async (path) => {
      await expect(files.read(path)).rejects.toMatchObject({ code: 'path_refused' });
      await expect(files.removeDirectory(path)).rejects.toMatchObject({ code: 'path_refused' });
    },
  );

  test('a symbolic link is not followed', async () => {
    await files.createDirectory('a', { mode: 0o755 });
    await shell('mkdir ../secret; echo theirs >../secret/x; ln -s ../secret link');
    try {
      await expect(files.read('link/x')).rejects.toMatchObject({ code: 'path_refused' });
      await expect(files.writeAtomic('link/y', '', { mode: 0o600 })).rejects.toMatchObject({
        code: 'path_refused',
      });
      await expect(files.removeFile('link/x')).rejects.toMatchObject({ code: 'path_refused' });
      expect(await shell('ls ../secret')).toBe('x');
    } finally {
      await shell('rm -r ../secret');
    }
  });

  test('a disk is measured before the root directory is there', async () => {
    const measured = await target.server.measure();
    expect(measured.cpus).toBeGreaterThan(0);
    expect(measured.load).not.toBeNull();
    expect(measured.memoryUsedBytes).toBeLessThan(measured.memoryTotalBytes ?? 0);
    expect(measured.diskFreeBytes).toBeLessThan(measured.diskTotalBytes ?? 0);
    expect(measured.diskFreeBytes).toBeGreaterThan(0);
  });
});
