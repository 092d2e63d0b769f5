import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '@alfa-cloud/service-kit';

/** How many mails an outbox of files keeps, and for how long. They hold passwords, and nothing else removes them. */
export interface OutboxLimits {
  files: number;
  ageMs: number;
}

interface Found {
  path: string;
  writtenAt: number;
}

/** Removes mails that are too old, then the oldest until no more than allowed are left. Nothing else in the directory is touched. */
export const tidyOutbox = async (
  directory: string,
  { files, ageMs }: OutboxLimits,
  now: Date,
): Promise<void> => {
  const found = (await mailsIn(directory)).toSorted((a, b) => b.writtenAt - a.writtenAt);
  const tooOld = now.getTime() - ageMs;
  for (const [index, { path, writtenAt }] of found.entries()) {
    if (index >= files || writtenAt < tooOld) await rm(path, { force: true });
  }
};

/** Whole mails, and halves that a crash has left. */
const mailsIn = async (directory: string): Promise<Found[]> => {
  const found: Found[] = [];
  for (const name of await namesIn(directory)) {
    if (!/\.eml(?:\.\d+\.part)?$/.test(name)) continue;
    const path = join(directory, name);
    const writtenAt = await timeOf(path);
    if (writtenAt !== null) found.push({ path, writtenAt });
  }
  return found;
};

const namesIn = async (directory: string): Promise<string[]> => {
  try {
    return await readdir(directory);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
};

/** Null for a file that is gone meanwhile. */
const timeOf = async (path: string): Promise<number | null> => {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
};
