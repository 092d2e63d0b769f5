import { spawn } from 'node:child_process';
import { withDeadline } from '@alfa-cloud/service-kit';
import type { CallOptions } from '../call-options.ts';
import { rebootArgv, rebootCommandMs, rebootRefused, type RebootRequest } from '../reboot/reboot-request.ts';

const outputMax = 4096;

/** Asks for the reboot of this machine. The command is in a session of its own: it outlives this process, which goes down with the machine. */
export const rebootLocally = (
  request: RebootRequest,
  { deadlineMs = rebootCommandMs, signal }: CallOptions = {},
): Promise<void> =>
  withDeadline(
    deadlineMs,
    'asking for the reboot',
    () =>
      new Promise<void>((resolve, reject) => {
        const [program = '', ...args] = rebootArgv(request);
        const child = spawn(program, args, {
          stdio: ['ignore', 'pipe', 'pipe'],
          env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
          detached: true,
        });
        let output = '';
        for (const stream of [child.stdout, child.stderr]) {
          stream
            .setEncoding('utf8')
            .on('data', (text: string) => (output = (output + text).slice(-outputMax)));
        }
        child.once('error', reject);
        child.once('close', (exitCode) => {
          // Null: it was ended by a signal, as everything is when the machine goes down.
          if (exitCode === 0 || exitCode === null) resolve();
          else reject(rebootRefused(exitCode, output));
        });
      }),
    signal,
  );
