import { jsonEvent } from '@eventstore/db-client';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../libs/embedded-eventstore/src/main.ts', import.meta.url));
const READY_BYTES = fileURLToPath(new URL('./ready-bytes-server.ts', import.meta.url));

/** An event of the size that ours have. */
export const event = (n: number) =>
  jsonEvent({
    type: 'client-image-switched',
    data: { n, client: 'c-4711', image: 'alfa:2026.11', note: 'x'.repeat(150) },
    metadata: { command: 'switch', actor: 'admin' },
  });

/** A server in a process of its own. */
export interface ServerProcess {
  readonly connectionString: string;
  readonly pid: number;
  stop(): Promise<void>;
}

async function start(args: readonly string[]): Promise<ServerProcess> {
  const child = spawn(process.execPath, ['--no-warnings', ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { connectionString } = JSON.parse(line) as { connectionString: string };
  return {
    connectionString,
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

export const startEventStore = (directory: string): Promise<ServerProcess> =>
  start([MAIN, '--directory', directory, '--port', '0', '--exit-with-parent']);

/** A bare grpc-js server that answers every read with so many events whose bytes are ready. */
export const startReadyBytes = (events: number): Promise<ServerProcess> =>
  start([READY_BYTES, String(events)]);

/** CPU time of a process so far, in microseconds. */
export function cpuOf(pid: number): number {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').slice(11) ?? [];
  // In hundredths of a second.
  return (Number(user) + Number(system)) * 10_000;
}

/** Memory of a process in MB: all that is resident, and what of it no other process could share. */
export function memoryOf(pid: number): { rssMb: number; ownMb: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (name: string): number =>
    Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
  return { rssMb: megabytes('VmRSS'), ownMb: megabytes('RssAnon') };
}
