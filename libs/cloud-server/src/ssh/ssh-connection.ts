import type { Duplex } from 'node:stream';
import { sleep, withDeadline } from '@alfa-cloud/service-kit';
import { CloudServerError } from '../cloud-server-error.ts';
import { Circuit } from './circuit.ts';
import { connect } from './connect.ts';
import { parseHostKey, type HostKey } from './host-key.ts';
import { LiveConnection } from './live-connection.ts';
import type { SshLogin } from './login.ts';
import { openTcp } from './open-tcp.ts';
import { sshFailure } from './ssh-failure.ts';

const attemptMs = 25_000;

export interface SshConnectionOptions extends SshLogin {
  /** The host key that was recorded before (`ssh-ed25519 AAAA…`). Another one is refused with {@link HostKeyChanged} before anything is sent. */
  hostKey?: string;
  /**
   * Told once, when no host key was given, of the one that the server has shown, after it has let us in. From then on that one is pinned.
   */
  onHostKey?: (hostKey: HostKey) => void;
  /** A jump host: the connection to the server goes through it. Shared by the servers behind it, closed by whoever made it. */
  via?: SshConnection;
}

/**
 * The one connection to a server, shared by all that is done there. Made at the first use, kept alive, made anew after it was lost; never
 * ended under work. A server that can't be reached is left alone for a while, see {@link Circuit}.
 */
export class SshConnection {
  /** `user@host:port` */
  readonly server: string;
  readonly username: string;
  readonly #options: SshConnectionOptions;
  readonly #circuit: Circuit;
  #pinned: HostKey | undefined;
  #live: LiveConnection | undefined;
  #connecting: Promise<LiveConnection> | undefined;
  #isClosed = false;

  /** @throws CloudServerError `key_unusable` when the pinned host key is none */
  constructor(options: SshConnectionOptions) {
    this.#options = options;
    this.server = `${options.username}@${options.host}:${options.port ?? 22}`;
    this.username = options.username;
    this.#circuit = new Circuit(this.server);
    this.#pinned = options.hostKey === undefined ? undefined : parseHostKey(options.hostKey);
  }

  /**
   * The connection that is up, or a new one.
   * @throws CloudServerError `server_unreachable`, `login_refused`, `host_key_changed`, `key_unusable`, `connection_closed`
   */
  async live(signal: AbortSignal): Promise<LiveConnection> {
    signal.throwIfAborted();
    if (this.#isClosed) {
      throw new CloudServerError('final', 'connection_closed', `The connection to ${this.server} is closed`);
    }
    if (this.#live !== undefined) return this.#live;
    this.#connecting ??= this.#connect().finally(() => (this.#connecting = undefined));
    const connecting = this.#connecting;
    // Nobody may be left to hear of it.
    connecting.catch(() => {});
    return withDeadline(attemptMs * 2, 'connection', () => connecting, signal);
  }

  /** A TCP connection to a port of the server's address, by the way that the ssh connection takes too. */
  async reach(port: number, signal: AbortSignal): Promise<Duplex> {
    const { via, host } = this.#options;
    if (via === undefined) return openTcp(host, port, signal);
    return (await via.live(signal)).tcpSocket(host, port, signal);
  }

  /** Ends the connection with all that runs over it. */
  close(): void {
    this.#isClosed = true;
    this.#live?.end();
    this.#live = undefined;
  }

  async #connect(): Promise<LiveConnection> {
    const delayMs = this.#circuit.admit();
    if (delayMs > 0) await sleep(delayMs);
    try {
      return await withDeadline(attemptMs, 'connection', (signal) => this.#attempt(signal));
    } catch (error) {
      const failure = sshFailure(this.server, error);
      this.#circuit.failed(failure);
      throw failure;
    }
  }

  async #attempt(signal: AbortSignal): Promise<LiveConnection> {
    const { port = 22, onHostKey } = this.#options;
    const { client, hostKey } = await connect({
      ...this.#options,
      openSocket: (opening) => this.reach(port, AbortSignal.any([opening, signal])),
      pinned: this.#pinned,
      server: this.server,
    });
    const live = new LiveConnection(client);
    if (this.#isClosed || signal.aborted) {
      live.end();
      throw new CloudServerError('final', 'connection_closed', `The connection to ${this.server} is closed`);
    }
    this.#circuit.succeeded();
    this.#live = live;
    let cause: unknown = new Error('the server has closed the connection');
    client.on('error', (error) => (cause = error));
    client.once('close', () => {
      if (this.#live !== live) return;
      this.#live = undefined;
      this.#circuit.lost(sshFailure(this.server, cause));
    });
    if (this.#pinned === undefined) {
      this.#pinned = hostKey;
      onHostKey?.(hostKey);
    }
    return live;
  }
}
