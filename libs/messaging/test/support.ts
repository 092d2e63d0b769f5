import { jetstreamManager } from '@nats-io/jetstream';
import { COMMANDS_STREAM, newId, type Command, type CommandData } from '@alfa-cloud/contracts';
import { createLogger } from '@alfa-cloud/service-kit';
import { eventually, startNatsServer, type NatsServer } from '@alfa-cloud/testing';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  connectMessaging,
  type CommandHandlers,
  type CommandServer,
  type CommandServerOptions,
  type Delivery,
  type LateDecision,
  type Messaging,
  type MessagingOptions,
  type PoisonMessage,
} from '../src/index.ts';

export type Cancel = Command<CommandData<'CancelOperation'>, 'CancelOperation'>;

export const logger = createLogger({
  service: 'messaging-test',
  level: process.env['LOG_LEVEL'] ?? 'silent',
});

/** The shortest command there is. */
export const cancelCommand = (id: string = newId()): Cancel => ({
  id,
  name: 'CancelOperation',
  data: { operationId: newId() },
  actor: 'admin',
  correlationId: 'request-1',
  causationId: 'request-1',
  issuedAt: new Date().toISOString(),
  fingerprint: `fingerprint of ${id}`,
});

export const accept = (delivery: Delivery<'CancelOperation'>): Promise<void> =>
  delivery.accepted({ operationId: delivery.command.data.operationId }, 42n);

/** A gate that handlers can wait at. */
export const gate = () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { passed: promise, open: resolve };
};

/** Everything that a test starts, ended in the opposite order. */
export class Rig {
  readonly poison: PoisonMessage[] = [];
  readonly late: LateDecision[] = [];
  readonly nats: NatsServer;
  readonly #ends: (() => Promise<unknown>)[] = [];

  private constructor(nats: NatsServer) {
    this.nats = nats;
    this.#ends.push(async () => nats[Symbol.asyncDispose]());
  }

  static async start(): Promise<Rig> {
    return new Rig(await startNatsServer());
  }

  async connect(options: Partial<MessagingOptions> = {}): Promise<Messaging> {
    const messaging = await connectMessaging({ url: this.nats.url, name: 'test', logger, ...options });
    this.#ends.push(() => messaging.close());
    return messaging;
  }

  /** A connection without the library, to look at and change what it keeps in NATS. */
  async bareConnection(): Promise<NatsConnection> {
    const connection = await connect({ servers: this.nats.url, reconnectTimeWait: 50 });
    this.#ends.push(() => connection.close());
    return connection;
  }

  /** Serves the commands of the provisioner on a connection of its own. */
  async serve(
    handlers: CommandHandlers,
    options: Partial<CommandServerOptions> = {},
  ): Promise<CommandServer & { messaging: Messaging }> {
    const messaging = await this.connect();
    const server = await messaging.serveCommands('provisioner', {
      handlers,
      onPoison: async (poison) => void this.poison.push(poison),
      onLateDecision: async (late) => void this.late.push(late),
      ...options,
    });
    this.#ends.push(() => server.stop(0));
    return { stop: (graceMs) => server.stop(graceMs), messaging };
  }

  /** A process that serves commands as `worker.ts` says; each line it prints is a list of words. */
  spawnWorker(mode: string) {
    const worker = spawn(
      process.execPath,
      ['--no-warnings', join(import.meta.dirname, 'worker.ts'), this.nats.url, mode],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const lines: string[] = [];
    let rest = '';
    worker.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts);
    });
    const ended = once(worker, 'exit');
    const kill = async () => {
      if (worker.exitCode === null && worker.signalCode === null) {
        worker.kill('SIGKILL');
        await ended;
      }
    };
    this.#ends.push(kill);
    return { lines, kill, hasEnded: () => worker.exitCode !== null || worker.signalCode !== null };
  }

  /** Waits until no command is kept any more. */
  async emptied(): Promise<void> {
    const manager = await jetstreamManager(await this.bareConnection());
    await eventually(
      'the queue to be empty',
      async () => (await manager.streams.info(COMMANDS_STREAM)).state.messages === 0,
    );
  }

  /** A crash of the server that takes its whole store along. */
  async loseStore(): Promise<void> {
    await this.nats.kill();
    for (const name of await readdir(this.nats.directory))
      await rm(join(this.nats.directory, name), { recursive: true });
    await this.nats.start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of this.#ends.toReversed()) await end();
  }
}
