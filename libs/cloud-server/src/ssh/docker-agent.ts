import type { ClientRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { withDeadline } from '@alfa-cloud/service-kit';
import { EngineAgent } from '../docker/engine-agent.ts';
import type { DockerRoute } from './docker-route.ts';
import type { LiveConnection } from './live-connection.ts';
import type { SshConnection } from './ssh-connection.ts';

/** Connections that are kept for the next call. */
const idleMax = 8;
/** Docker ends a connection on which nothing was asked for five minutes. Ours go before, so that no call meets with that. */
const idleMs = 60_000;
const openMs = 30_000;

type Done = (error: Error | null, socket?: Duplex) => void;

/** Agent whose connections lead through ssh to the Docker Engine of a server. */
export class DockerAgent extends EngineAgent {
  readonly #connection: SshConnection;
  readonly #route: DockerRoute;
  #live: LiveConnection | undefined;
  /** What the connections that are kept are watched by. */
  readonly #watches = new WeakMap<Duplex, () => void>();

  constructor(connection: SshConnection, route: DockerRoute) {
    super(connection.server, { maxFreeSockets: idleMax });
    this.#connection = connection;
    this.#route = route;
  }

  override createConnection(_options: object, done: Done): undefined {
    void this.#connect(done);
  }

  override keepSocketAlive(socket: Duplex): boolean {
    // Node answers with a boolean, whatever its types say.
    const keeps: unknown = super.keepSocketAlive(socket);
    if (keeps !== true || this.#live?.isPressed === true) return false;
    this.#watch(socket);
    return true;
  }

  override reuseSocket(socket: Duplex, request: ClientRequest): void {
    this.#watches.get(socket)?.();
    super.reuseSocket(socket, request);
  }

  /** A channel stays half open when Docker has ended, and would be given to the next call. */
  #watch(socket: Duplex): void {
    const end = () => socket.destroy();
    const timer = setTimeout(end, idleMs).unref();
    const stop = () => {
      clearTimeout(timer);
      socket.off('end', end);
      socket.off('close', stop);
    };
    socket.once('end', end);
    socket.once('close', stop);
    this.#watches.set(socket, stop);
  }

  async #connect(done: Done): Promise<void> {
    let socket: Duplex;
    try {
      socket = await withDeadline(openMs, 'connection to Docker', (signal) => this.#open(signal));
    } catch (error) {
      done(error as Error);
      return;
    }
    done(null, socket);
  }

  async #open(signal: AbortSignal): Promise<Duplex> {
    // Before the socket, which nobody would close if there were something to wait for behind it.
    this.#live = await this.#connection.live(signal);
    this.#live.onPressure(this.#dropIdle);
    const socket = await this.#route.open(signal);
    // A request on a socket that is closed already would never hear of it.
    if (socket.destroyed) throw socket.errored ?? new Error('the connection to Docker was closed at once');
    return socket;
  }

  readonly #dropIdle = (): void => {
    for (const sockets of Object.values(this.freeSockets))
      for (const socket of sockets ?? []) socket.destroy();
  };
}
