import { lstat, readFile } from 'node:fs/promises';
import { errorCode } from '@alfa-cloud/service-kit';

const bytesMax = 1024 ** 2;

/**
 * Content of a file of a check-out. `refused`: it is a link, which may lead out of the check-out, e.g. to a device that never ends, or no file, or longer than 1 MiB.
 */
export const readPlainFile = async (path: string): Promise<{ text: string } | 'missing' | 'refused'> => {
  try {
    const facts = await lstat(path);
    if (!facts.isFile() || facts.size > bytesMax) return 'refused';
    return { text: await readFile(path, 'utf8') };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'missing';
    throw error;
  }
};
