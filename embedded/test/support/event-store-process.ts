import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from '@alfa-cloud/testing';

const program = fileURLToPath(new URL('./main.ts', import.meta.resolve('@alfa-cloud/embedded-eventstore')));

/** The embedded event store as a process that a test may kill and start again at the same address. */
export interface EventStoreProcess {
  readonly url: string;
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** It ends with this process at the latest. */
export const startEventStoreProcess = async (
  directory: string,
  options: { host?: string; port?: number } = {},
): Promise<EventStoreProcess> => {
  const { host = '127.0.0.1', port = await freePort() } = options;
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const args = [
      '--no-warnings',
      program,
      '--directory',
      directory,
      '--host',
      host,
      '--port',
      String(port),
      '--exit-with-parent',
    ];
    const started = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    child = started;
    for await (const line of createInterface({ input: started.stdout })) {
      if (line.includes('"listening"')) return;
    }
    throw new Error('The event store did not start');
  };
  await start();
  return {
    url: `esdb://${host}:${port}?tls=false`,
    start,
    async kill() {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
};
