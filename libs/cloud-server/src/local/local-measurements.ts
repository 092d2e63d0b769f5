import { readFile, statfs } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { errorCode, withDeadline } from '@alfa-cloud/service-kit';
import type { CallOptions } from '../call-options.ts';
import type { ServerMeasurements } from '../cloud-server.ts';

const measureMs = 5000;

/** Load, memory and disk of this machine from `/proc` and the file system that holds `root`. */
export const measureLocally = async (
  root: string,
  options: CallOptions = {},
): Promise<ServerMeasurements> => {
  const orNull = <T>(what: string, act: () => Promise<T>): Promise<T | null> =>
    withDeadline(options.deadlineMs ?? measureMs, what, act, options.signal).catch(() => null);
  const [load, memory, disk] = await Promise.all([
    orNull('load', async () => parseLoad(await readFile('/proc/loadavg', 'utf8'))),
    orNull('memory', async () => parseMemory(await readFile('/proc/meminfo', 'utf8'))),
    orNull('disk', () => diskOf(root)),
  ]);
  options.signal?.throwIfAborted();
  return {
    load,
    cpus: availableParallelism(),
    memoryTotalBytes: memory?.totalBytes ?? null,
    memoryUsedBytes: memory?.usedBytes ?? null,
    diskTotalBytes: disk?.totalBytes ?? null,
    diskFreeBytes: disk?.freeBytes ?? null,
  };
};

/** 1-minute average of `/proc/loadavg`, null when the text is something else. */
export const parseLoad = (text: string): number | null => {
  const value = Number.parseFloat(text);
  return Number.isFinite(value) ? value : null;
};

/** Total and used memory of `/proc/meminfo`; used is what is not available to new programs. */
export const parseMemory = (text: string): { totalBytes: number; usedBytes: number } | null => {
  const kibibytes = (name: string): number | null => {
    const match = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text);
    return match === null ? null : Number(match[1]);
  };
  const total = kibibytes('MemTotal');
  const available = kibibytes('MemAvailable');
  if (total === null || available === null) return null;
  return { totalBytes: total * 1024, usedBytes: (total - available) * 1024 };
};

/** The root directory may not be there yet; the nearest directory above it lies on the same file system as it will. */
const diskOf = async (path: string): Promise<{ totalBytes: number; freeBytes: number }> => {
  try {
    const { blocks, bavail, bsize } = await statfs(path);
    return { totalBytes: blocks * bsize, freeBytes: bavail * bsize };
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' || dirname(path) === path) throw error;
    return diskOf(dirname(path));
  }
};
