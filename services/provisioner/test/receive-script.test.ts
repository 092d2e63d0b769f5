import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { eventually, temporaryDirectory } from '@alfa-cloud/testing';
import { scriptArgv } from '../src/resources/backup/scripts/script.ts';
import { workDirectory } from '../src/resources/transfer/scripts/storage-functions.ts';
import { receiveScript } from '../src/resources/transfer/scripts/storage-transfer-scripts.ts';

/** The script with a `sync` that keeps a list of its calls, and the first of which fails where that is wanted. */
const receiving = async (directory: string, firstSync: 'works' | 'fails') => {
  for (const name of ['programs', 'from', 'to', 'calls']) await mkdir(join(directory, name));
  await writeFile(join(directory, 'from', 'file'), 'content');
  await promisify(execFile)('tar', ['-C', join(directory, 'from'), '-cf', join(directory, 'archive'), '.']);
  const archive = await readFile(join(directory, 'archive'));
  const sync = `#!/bin/sh
touch "${directory}/calls/$$"
[ ${firstSync} = works ] || [ "$(ls "${directory}/calls" | wc -l)" -gt 1 ] || exit 5
`;
  await writeFile(join(directory, 'programs', 'sync'), sync, { mode: 0o755 });
  const text = receiveScript.text.replaceAll(workDirectory, join(directory, 'work'));
  const [program = '', ...words] = scriptArgv({ ...receiveScript, text }, [join(directory, 'to')]);
  const child = spawn(program, words, {
    stdio: ['pipe', 'ignore', 'inherit'],
    env: { ...process.env, PATH: `${join(directory, 'programs')}:${process.env['PATH']}` },
  });
  const calls = async () => (await readdir(join(directory, 'calls'))).length;
  return { input: child.stdin, archive, calls, end: once(child, 'close') as Promise<[number | null]> };
};

test('what comes is written to the disk while the rest is on its way, and once more at the end', async () => {
  await using directory = await temporaryDirectory();
  const { input, archive, calls, end } = await receiving(directory.path, 'works');
  await eventually('a first sync', async () => (await calls()) > 0);
  const before = await calls();
  input.end(archive);
  expect(await end).toEqual([0, null]);
  expect(await calls()).toBeGreaterThan(before);
  expect(await readdir(join(directory.path, 'to'))).toEqual(['file']);
});

test('an error of the disk that only a sync in between was told of is a failure', async () => {
  await using directory = await temporaryDirectory();
  const { input, archive, calls, end } = await receiving(directory.path, 'fails');
  await eventually('a first sync', async () => (await calls()) > 0);
  input.end(archive);
  expect((await end)[0]).not.toBe(0);
});
