import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimFile } from './claimed-file.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alfa-place-'));
});
afterEach(() => rm(directory, { recursive: true }));

test('a place is one projector’s alone, until it is released', async () => {
  const file = join(directory, 'a', 'read-models.sqlite');
  const first = await claimFile([file]);
  await expect(claimFile([file], 50)).rejects.toMatchObject({
    name: 'ReadModelsInUse',
    message: expect.stringContaining(file),
  });
  first.release();
  (await claimFile([file])).release();
});

test('several places are taken one after the other', async () => {
  const files = ['a', 'b'].map((name) => join(directory, name));
  const taken = [await claimFile(files), await claimFile(files)];
  expect(taken.map(({ file }) => file)).toEqual(files);
  await expect(claimFile(files, 50)).rejects.toMatchObject({ name: 'ReadModelsInUse' });
  taken[0]?.release();
  const again = await claimFile(files);
  expect(again.file).toBe(files[0]);
  for (const place of [taken[1], again]) place?.release();
});

test('a killed projector leaves no lock behind', async () => {
  const file = join(directory, 'read-models.sqlite');
  const program = `
    const { claimFile } = await import(${JSON.stringify(join(import.meta.dirname, 'claimed-file.ts'))});
    await claimFile([${JSON.stringify(file)}]);
    console.log('taken');
    setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  await expect(claimFile([file], 50)).rejects.toMatchObject({ name: 'ReadModelsInUse' });
  const exited = once(holder, 'exit');
  holder.kill('SIGKILL');
  await exited;
  (await claimFile([file])).release();
}, 20_000);
