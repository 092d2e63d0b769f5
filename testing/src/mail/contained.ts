import type { ChildProcess } from 'node:child_process';
import { endProcess, letGo, spawnBound } from '../child-process.ts';

/**
 * Starts a program whose processes have users of their own, in a place of its own for process ids: whatever ends it, this process too, ends all
 * of them. (A program that changes its user loses the signal that the kernel sends at its parent's death.) Needs root.
 */
export const startContained = (
  program: string,
  args: readonly string[],
): { child: ChildProcess; end(): Promise<void> } => {
  const place = ['--pid', '--fork', '--kill-child', '--mount-proc'];
  // The shell is the first process there and takes all others with it.
  const shell = ['sh', '-c', '"$@" & wait "$!"', 'sh'];
  const child = spawnBound('unshare', [...place, ...shell, program, ...args], { stdio: 'ignore' });
  letGo(child);
  return { child, end: () => endProcess(child, 'SIGKILL') };
};
