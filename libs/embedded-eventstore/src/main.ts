import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import { parseArgs } from 'node:util';
import { startEmbeddedEventStore } from './server.ts';

const USAGE =
  'usage: alfa-eventstore --directory <path> [--port <n>] [--host <address>] [--exit-with-parent]';

interface Settings {
  readonly directory: string;
  readonly port: number;
  readonly host: string;
  readonly exitWithParent: boolean;
}

function readSettings(): Settings {
  const { values } = parseArgs({
    options: {
      directory: { type: 'string' },
      port: { type: 'string' },
      host: { type: 'string' },
      'exit-with-parent': { type: 'boolean' },
    },
  });
  const directory = values.directory ?? process.env['ALFA_EVENTSTORE_DIRECTORY'];
  const port = Number(values.port ?? process.env['ALFA_EVENTSTORE_PORT'] ?? 2113);
  if (directory === undefined || directory === '') throw new Error(`A directory is needed; ${USAGE}.`);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`The port has to be 0 to 65535; ${USAGE}.`);
  return {
    directory,
    port,
    host: values.host ?? process.env['ALFA_EVENTSTORE_HOST'] ?? '127.0.0.1',
    exitWithParent: values['exit-with-parent'] ?? false,
  };
}

const say = (stream: NodeJS.WriteStream, event: string, fields: Record<string, unknown>): void => {
  stream.write(`${JSON.stringify({ event, ...fields })}\n`);
};

async function main(): Promise<void> {
  const { exitWithParent, ...options } = readSettings();
  const store = await startEmbeddedEventStore({
    ...options,
    onFault: (error) => say(process.stderr, 'fault', { message: String(error) }),
  });
  const stop = (): void => {
    process.stdin.destroy();
    store.stop().catch(fail);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (exitWithParent) {
    // The other end of the pipe is the parent's; it closes when the parent is gone, however it went.
    process.stdin.once('close', stop);
    process.stdin.resume();
  }
  say(process.stdout, 'listening', { connectionString: store.connectionString });
}

function fail(error: unknown): void {
  process.stderr.write(`alfa-eventstore: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

// What it would say goes into the one sentence that this command says.
setLogVerbosity(logVerbosity.NONE);
await main().catch(fail);
