import type { ChildProcess } from 'node:child_process';

import { endProcess, letGo, spawnBound } from './child-process.ts';
import { freePort } from './free-port.ts';
import { temporaryDirectory } from './temporary-directory.ts';

export interface NatsServerOptions {
  /** Where JetStream keeps its store; a temporary directory, removed at the end, when absent. */
  readonly directory?: string;
  /** A free one when absent. */
  readonly port?: number;
  /** Where it listens. Default 127.0.0.1. */
  readonly address?: string;
}

/** A nats-server with JetStream that ends with this process at the latest. */
export interface NatsServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly directory: string;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  /** Ends it in good order. */
  stop(): Promise<void>;
  /** Starts it again on the same port and store; nothing to do while it runs. */
  start(): Promise<void>;
}

/** Starts a nats-server and waits until it greets its clients. */
export async function startNatsServer(options: NatsServerOptions = {}): Promise<NatsServer> {
  const temporary = options.directory === undefined ? await temporaryDirectory('alfa-nats-') : undefined;
  const directory = options.directory ?? temporary?.path ?? '';
  const { address = '127.0.0.1' } = options;
  const port = options.port ?? (await freePort());
  let child: ChildProcess | undefined;

  const end = async (signal: NodeJS.Signals) => {
    if (child !== undefined) await endProcess(child, signal);
    child = undefined;
  };
  const start = async () => {
    if (child !== undefined && child.exitCode === null && child.signalCode === null) return;
    child = await startChild(directory, address, port);
  };
  const dispose = async () => {
    await end('SIGTERM');
    await temporary?.remove();
  };

  await start().catch(async (error: unknown) => {
    await dispose();
    throw error;
  });
  return {
    url: `nats://${address}:${port}`,
    port,
    directory,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    start,
    [Symbol.asyncDispose]: dispose,
  };
}

async function startChild(directory: string, address: string, port: number): Promise<ChildProcess> {
  const args = ['--jetstream', '--store_dir', directory, '--addr', address, '--port', String(port)];
  const child = spawnBound('nats-server', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  // Waits for its own log line: a connection would also succeed to another server that holds the port.
  const ready = new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-4000);
      if (log.includes('Server is ready')) resolve();
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`nats-server ended before it was ready:\n${log}`)));
    setTimeout(() => reject(new Error(`nats-server is not ready after 60 s:\n${log}`)), 60_000).unref();
  });
  try {
    await ready;
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  letGo(child);
  return child;
}
