import { describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const pathOf = (name: string) => join(import.meta.dirname, '../..', name);

describe('bin/prepare-compose', () => {
  const run = async (directory: string) =>
    (await promisify(execFile)(join(directory, 'bin/prepare-compose'))).stdout;
  const inDirectory = async (act: (directory: string) => Promise<void>) => {
    const directory = await mkdtemp(join(tmpdir(), 'alfa-prepare-'));
    try {
      await mkdir(join(directory, 'bin'));
      for (const name of ['bin/prepare-compose', '.env.example'])
        await copyFile(pathOf(name), join(directory, name));
      await act(directory);
    } finally {
      await rm(directory, { recursive: true });
    }
  };
  const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

  test('makes settings and key once, and only puts their modes right when run again', () =>
    inDirectory(async (directory) => {
      const [env, key] = [join(directory, '.env'), join(directory, 'secrets/master.key')];
      expect(await run(directory)).toContain('created  secrets/master.key');
      const first = await readFile(key, 'utf8');
      expect(first).toMatch(/^[0-9a-f]{64}$/);
      await writeFile(env, 'ALFA_PUBLISH=127.0.0.1:9000\n');
      await chmod(env, 0o644);
      expect(await run(directory)).toContain('kept     secrets/master.key');
      expect(await readFile(key, 'utf8')).toBe(first);
      expect(await readFile(env, 'utf8')).toBe('ALFA_PUBLISH=127.0.0.1:9000\n');

      const isRoot = process.getuid?.() === 0;
      expect(await Promise.all([env, join(directory, 'secrets'), key].map(modeOf))).toEqual([
        '600',
        '700',
        isRoot ? '400' : '444',
      ]);
      if (isRoot) expect(await stat(key)).toMatchObject({ uid: 1000, gid: 1000 });
    }));

  test('leaves a file alone that is no key, and says so', () =>
    inDirectory(async (directory) => {
      await mkdir(join(directory, 'secrets'));
      await writeFile(join(directory, 'secrets/master.key'), 'half a key');
      await expect(run(directory)).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringContaining('does not hold 64 hexadecimal digits'),
      });
      expect(await readFile(join(directory, 'secrets/master.key'), 'utf8')).toBe('half a key');
    }));
});
