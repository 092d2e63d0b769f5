import { message } from '@alfa-cloud/contracts';
import type { Duplex } from 'node:stream';
import { sleep, withDeadline } from '@alfa-cloud/service-kit';
import { CloudServerError } from '../cloud-server-error.ts';
import { Circuit } from './circuit.ts';
import { connect } from './connect.ts';
import {
  isHostKeyChanged,
  parseHostKey,
  type HostKeyChanged,
  type HostKey,
  type PinnedHostKey,
} from './host-key.ts';
import { isJumpHostFailure, JumpHostFailure, notConnected } from './jump-host.ts';
import { LiveConnection } from './live-connection.ts';
import type { SshLogin } from './login.ts';
import { isForbidden, isOpenFailure } from './open-channel.ts';
import { openTcp } from './open-tcp.ts';
import { sshFailure } from './ssh-failure.ts';

const attemptMs = 25_000;

export interface SshConnectionOptions extends SshLogin {
  /**
   * The host key that was recorded before (`ssh-ed25519 AAAA…`), or its fingerprint (`SHA256:…`). Another one is refused with
   * {@link HostKeyChanged} before anything is sent. Absent: the first one is trusted, and pinned.
   */
  hostKey?: string;
  /**
   * Told at each connect of the host key that the server has shown, after it has let us in and before anything else is done there. When it
   * rejects, the connection is ended and the connect fails with that.
   */
  onHostKey?: (hostKey: HostKey) => Promise<void>;
  /** Told of each connect that failed because the server has shown another host key. */
  onHostKeyRefused?: (failure: HostKeyChanged) => void;
  /**
   * A jump host: the connection to the server goes through it. Shared by the servers behind it, closed by whoever made it. Its failures come as
   * {@link JumpHostFailure}.
   */
  via?: SshConnection;
}

/**
 * Whether a connection is there. Down without a failure: it was not tried yet, or ended after a good while; the next call makes it. With one:
 * why the last attempt failed, or the connection broke off soon, and how long until the next one may be made.
 */
export type SshLink =
  | { status: 'up' }
  | {
      status: 'down';
      failure: CloudServerError | null;
      retryInMs: number;
      /** How long every attempt has failed; 0 before the first one. */
      awayMs: number;
    };

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
  #pinned: PinnedHostKey | undefined;
  #live: LiveConnection | undefined;
  #connecting: Promise<LiveConnection> | undefined;
  /** Something has answered in the attempt under way. */
  #isAnswered = false;
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
    if (this.#isClosed) throw this.#closed();
    if (this.#live !== undefined) return this.#live;
    this.#connecting ??= this.#connect().finally(() => (this.#connecting = undefined));
    const connecting = this.#connecting;
    // Nobody may be left to hear of it.
    connecting.catch(() => {});
    return withDeadline(attemptMs * 2, 'connection', () => connecting, signal);
  }

  /** The host key that the server shows now. Ends before anything is sent, the user's name included. */
  async showHostKey(signal: AbortSignal): Promise<HostKey> {
    // None has an empty fingerprint, so any key ends the attempt; its type is asked for as at other times.
    const pinned = { text: this.#pinned?.text ?? null, fingerprint: '' };
    try {
      const { client, hostKey } = await this.#open(pinned, signal);
      client.end();
      return hostKey;
    } catch (error) {
      if (isHostKeyChanged(error)) return error.shown;
      throw error;
    }
  }

  /** How the connection is now; asks nobody. */
  get link(): SshLink {
    if (this.#live !== undefined) return { status: 'up' };
    const jump = this.#options.via?.link;
    if (jump?.status === 'down' && jump.failure !== null) {
      return { ...jump, failure: new JumpHostFailure(jump.failure) };
    }
    const { cause, retryInMs, awayMs } = this.#circuit;
    return { status: 'down', failure: cause ?? null, retryInMs, awayMs };
  }

  /** A TCP connection to a port of the server's address, by the way that the ssh connection takes too. */
  async reach(port: number, signal: AbortSignal): Promise<Duplex> {
    return (await this.#way(signal))(port, signal);
  }

  /** Opens connections to ports of the server's address; the jump host is connected to by then. */
  async #way(signal: AbortSignal): Promise<(port: number, signal: AbortSignal) => Promise<Duplex>> {
    const { via, host } = this.#options;
    if (via === undefined) return (port, opening) => openTcp(host, port, opening);
    const jump = await via.live(signal).catch((error: unknown) => {
      if (signal.aborted) throw error;
      throw new JumpHostFailure(sshFailure(via.server, error));
    });
    return (port, opening) =>
      jump.tcpSocket(host, port, opening).catch((error: unknown) => {
        if (!isOpenFailure(error)) throw error;
        throw notConnected(this.server, via.server, error, isForbidden(error));
      });
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
    this.#isAnswered = false;
    try {
      return await withDeadline(attemptMs, 'connection', (signal) => this.#attempt(signal));
    } catch (error) {
      const failure = sshFailure(this.server, error);
      // The jump host's own circuit keeps it from being hammered.
      if (!isJumpHostFailure(failure)) this.#circuit.failed(failure, { isSilent: !this.#isAnswered });
      throw failure;
    }
  }

  async #attempt(signal: AbortSignal): Promise<LiveConnection> {
    const { onHostKey, onHostKeyRefused } = this.#options;
    const { client, hostKey } = await this.#open(this.#pinned, signal).catch((error: unknown) => {
      if (isHostKeyChanged(error)) onHostKeyRefused?.(error);
      throw error;
    });
    const live = new LiveConnection(client, hostKey);
    let end: { cause: unknown } | undefined;
    let cause: unknown = new Error('the server has closed the connection');
    client.on('error', (error) => (cause = error));
    client.once('close', () => {
      end = { cause };
      if (this.#live !== live) return;
      this.#live = undefined;
      this.#circuit.lost(sshFailure(this.server, cause));
    });
    try {
      await onHostKey?.(hostKey);
      signal.throwIfAborted();
      if (end !== undefined) throw end.cause;
      if (this.#isClosed) throw this.#closed();
    } catch (error) {
      live.end();
      throw error;
    }
    this.#pinned = hostKey;
    this.#circuit.succeeded();
    this.#live = live;
    return live;
  }

  async #open(pinned: PinnedHostKey | undefined, signal: AbortSignal): ReturnType<typeof connect> {
    const { port = 22 } = this.#options;
    const openPort = await this.#way(signal);
    return connect({
      ...this.#options,
      openSocket: async (opening) => {
        const socket = await openPort(port, AbortSignal.any([opening, signal]));
        this.#isAnswered = true;
        return socket;
      },
      pinned,
      server: this.server,
    });
  }

  #closed(): CloudServerError {
    return new CloudServerError(
      'final',
      'connection_closed',
      message`The connection to ${this.server} is closed`,
    );
  }
}
