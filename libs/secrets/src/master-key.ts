import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '@alfa-cloud/service-kit';
import { keyBytes } from './sealing.ts';

/**
 * Reads the installation's master key: 32 bytes as 64 hexadecimal digits.
 * @param options.create create the key (mode 0600, synced to disk) when the file is absent; safe when two processes do so at once
 * @throws Error naming the file when it is absent or has other content
 */
export const loadMasterKey = async (file: string, options: { create: boolean }): Promise<Buffer> => {
  if (options.create) await createIfAbsent(file);
  let text: string;
  try {
    text = (await readFile(file, 'utf8')).trim();
  } catch (error) {
    throw new Error(`Master key file ${file} can't be read`, { cause: error });
  }
  if (!/^[0-9a-f]{64}$/i.test(text))
    throw new Error(`Master key file ${file} must hold 64 hexadecimal digits`);
  return Buffer.from(text, 'hex');
};

const createIfAbsent = async (file: string): Promise<void> => {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(`${randomBytes(keyBytes).toString('hex')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    // A hard link never replaces a file: of two processes one creates the key, and both read that one.
    await link(draft, file);
    await chmod(file, 0o600);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  } finally {
    await rm(draft);
  }
};
