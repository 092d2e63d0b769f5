import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { errorCode } from '@alfa-cloud/service-kit';

/**
 * A new name for a file that this process writes: it tells which process that is. Containers that share a directory number their processes alike, but have hosts'
 * names of their own.
 */
export const incomingName = async (): Promise<string> =>
  [randomUUID(), process.pid, (await startOf(process.pid).catch(() => null)) ?? '', hostname()].join('.');

/** True when the process on this machine that wrote a file of this name is dead. */
export const isWriterDead = async (name: string): Promise<boolean> => {
  const [, pid = '', start = '', ...host] = name.split('.');
  if (start === '' || host.join('.') !== hostname()) return false;
  try {
    return (await startOf(Number(pid))) !== start;
  } catch {
    // What the system does not tell of, as for want of file descriptors, may well live.
    return false;
  }
};

/** When a process was started, in ticks since the boot: the same number may be another process later. Null when there is none. */
const startOf = async (pid: number): Promise<string | null> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  });
  // The second field is the program's name in brackets, which may hold spaces.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
};
