import { deriveId, newId, type OperationEvent } from '@alfa-cloud/contracts';
import { createLogger, freePort } from '@alfa-cloud/service-kit';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Cause, NewEvent } from '../src/index.ts';

export const silent = createLogger({ service: 'test', level: 'silent' });
export const cause: Cause = {
  commandId: newId(),
  correlationId: 'test',
  causationId: 'test',
  actor: 'tester',
};

/** A small event of ours, recognisable by its worker. */
export const claimed = (operationId: string, worker: string): NewEvent<OperationEvent> => ({
  id: deriveId(operationId, worker),
  event: { type: 'OperationClaimed', data: { operationId, worker } },
});

const program = fileURLToPath(new URL('../../embedded-eventstore/src/main.ts', import.meta.url));

/** An event store in a process of its own that can be killed and started again at the same address. */
export class StoreProcess {
  readonly connectionString: string;
  readonly #directory: string;
  readonly #port: number;
  #process: ChildProcess | null = null;

  private constructor(directory: string, port: number) {
    this.#directory = directory;
    this.#port = port;
    this.connectionString = `esdb://127.0.0.1:${port}?tls=false`;
  }

  static async start(): Promise<StoreProcess> {
    const directory = await mkdtemp(join(tmpdir(), 'event-sourcing-'));
    const store = new StoreProcess(directory, await freePort());
    await store.start();
    return store;
  }

  async start(): Promise<void> {
    const args = [
      program,
      '--directory',
      this.#directory,
      '--port',
      String(this.#port),
      '--exit-with-parent',
    ];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#process = child;
    const lines = createInterface({ input: child.stdout });
    const ended = once(child, 'exit').then(() => Promise.reject(new Error('The event store did not start')));
    await Promise.race([once(lines, 'line'), ended]);
  }

  /** As a power cut does it. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child === null || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.#directory, { recursive: true, force: true });
  }
}
