import { spawn } from 'node:child_process';
import { withDeadline } from '@alfa-cloud/service-kit';
import type { RunProbe } from '../measurements/take-measurements.ts';

/** Runs the probe on this machine, without what stands in this process's own environment. */
export const runLocally: RunProbe = ({ argv: [program = '', ...args], onOutput }, { deadlineMs, signal }) =>
  withDeadline(
    deadlineMs,
    program,
    (inTime) =>
      new Promise<void>((resolve, reject) => {
        const child = spawn(program, args, {
          stdio: ['ignore', 'pipe', 'ignore'],
          env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
          // A group of its own, which can be ended as a whole.
          detached: true,
        });
        child.stdout.setEncoding('utf8').on('data', onOutput);
        const end = () => {
          killGroup(child.pid);
          child.stdout.destroy();
          reject(inTime.reason as Error);
        };
        inTime.addEventListener('abort', end, { once: true });
        child.once('error', reject);
        child.once('close', () => {
          inTime.removeEventListener('abort', end);
          resolve();
        });
        if (inTime.aborted) end();
      }),
    signal,
  );

const killGroup = (pid: number | undefined): void => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended in this moment.
  }
};
