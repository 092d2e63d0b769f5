import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { rebootLocally } from './local-reboot.ts';

let directory: string;
let mark: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alfa-reboot-'));
  mark = join(directory, 'mark');
});
afterEach(() => rm(directory, { recursive: true }));

const bootId = async () => (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
const marked = () => readFile(mark, 'utf8').catch(() => null);

test('the command is run on a machine with the boot id that was recorded', async () => {
  await rebootLocally({ bootId: await bootId(), command: `echo "it's gone" >${mark}` });
  expect(await marked()).toBe("it's gone\n");
});

test('a machine that was started anew since then is left alone', async () => {
  await rebootLocally({ bootId: '00000000-0000-4000-8000-000000000000', command: `echo >${mark}` });
  expect(await marked()).toBeNull();
});

test('what the command says when it fails is told', async () => {
  const refused = rebootLocally({ bootId: await bootId(), command: 'echo not today >&2; exit 3' });
  await expect(refused).rejects.toMatchObject({
    kind: 'final',
    code: 'reboot_refused',
    message: 'The command for the reboot ended with exit code 3: not today',
  });
});

test('a command that goes down with the machine may have been heard', async () => {
  await rebootLocally({ bootId: await bootId(), command: `echo >${mark}; kill -9 $$` });
  expect(await marked()).toBe('\n');
});
