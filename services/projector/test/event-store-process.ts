import { freePort } from '@alfa-cloud/testing';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const main = createRequire(import.meta.url)
  .resolve('@alfa-cloud/embedded-eventstore')
  .replace(/index\.ts$/, 'main.ts');

/** The embedded event store as a process of its own, so that it can be killed. Ends with this process at the latest. */
export interface EventStoreProcess extends AsyncDisposable {
  readonly connectionString: string;
  /** Starts it (again) on its port and directory. */
  start(): Promise<void>;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
}

export const startEventStoreProcess = async (directory: string): Promise<EventStoreProcess> => {
  const port = await freePort();
  let child: ChildProcess | null = null;
  const start = async (): Promise<void> => {
    const args = [main, '--directory', directory, '--port', String(port), '--exit-with-parent'];
    const started = spawn(process.execPath, ['--no-warnings', ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child = started;
    await once(createInterface(started.stdout), 'line', { signal: AbortSignal.timeout(60_000) });
  };
  const kill = async (): Promise<void> => {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  await start();
  return {
    connectionString: `esdb://127.0.0.1:${port}?tls=false`,
    start,
    kill,
    [Symbol.asyncDispose]: kill,
  };
};
