import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { newId } from '@alfa-cloud/contracts';
import { freePort, retry } from '@alfa-cloud/service-kit';
import { natsConfigurationFile } from './running-nats.ts';
import { superviseProcess, type Engine, type EngineOptions } from './supervised-process.ts';

const host = '127.0.0.1';

/**
 * Starts a `nats-server` with JetStream, its store below `directory`. Its free loopback port stays the same over restarts.
 * @throws Error when the command `nats-server` is missing or does not answer within 20 s
 */
export const startNatsEngine = async ({ directory, logger, searchPath }: EngineOptions): Promise<Engine> => {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const port = await freePort(host);
  const configFile = natsConfigurationFile(directory);
  await writeFile(configFile, configuration(port, directory), { mode: 0o600 });
  const engine = await superviseProcess({
    name: 'nats-server',
    command: 'nats-server',
    args: ['-c', configFile],
    logger,
    searchPath,
    readyDeadlineMs: 20_000,
    ready: (signal) =>
      retry(() => reach(port), { deadlineMs: 20_000, firstDelayMs: 20, maxDelayMs: 200, signal }),
  });
  return Object.assign(engine, { url: `nats://${host}:${port}` });
};

const configuration = (port: number, directory: string): string =>
  [
    `listen: "${host}:${port}"`,
    // Distinguishes the server from another one that listens on this port after its end.
    `server_name: "alfa-${newId()}"`,
    // The usual 1 MB is less than a page of clients with long notes.
    'max_payload: 8MB',
    'jetstream {',
    `  store_dir: ${JSON.stringify(join(directory, 'jetstream'))}`,
    '  max_memory_store: 64M',
    '  max_file_store: 4G',
    '}',
    '',
  ].join('\n');

const reach = (port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, host);
    socket.once('data', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
    socket.setTimeout(1000, () => socket.destroy(new Error('nats-server does not greet')));
  });
