import type { Client, ClientChannel, SFTPWrapper } from 'ssh2';
import { sleep } from '@alfa-cloud/service-kit';
import { ChannelSocket } from './channel-socket.ts';
import type { HostKey } from './host-key.ts';
import { isOpenFailure, openChannel } from './open-channel.ts';
import { SessionSlots, type SessionKind } from './session-slots.ts';

/** sshd frees the place of a session a moment after it has told us of its end. */
const refusalsMax = 3;
const hopelessRefusals = 100;
const afterRefusalMs = 50;
const startMs = 15_000;

type Open<Channel> = (done: (error: Error | undefined, channel: Channel) => void) => unknown;

/** Filled in before the channel's `close`. Both empty: nobody has told. */
export interface CommandEnd {
  code: number | null;
  /** Signal that ended it. */
  killedBy: string | undefined;
}

export interface RunningCommand {
  channel: ClientChannel;
  end: CommandEnd;
}

/** A connection that is up, and what is open over it. */
export class LiveConnection {
  /** By which the server has shown who it is. */
  readonly hostKey: HostKey;
  readonly #client: Client;
  readonly #slots: SessionSlots;
  readonly #sockets = new Set<ChannelSocket>();
  #sessions = 0;

  constructor(client: Client, hostKey: HostKey, sessionsMax?: number) {
    this.#client = client;
    this.hostKey = hostKey;
    this.#slots = new SessionSlots(sessionsMax);
    client.once('close', () => {
      for (const socket of this.#sockets) socket.cut();
    });
  }

  /** Whether others wait for a session: who has no need of one any more should not keep it for later. */
  get isPressed(): boolean {
    return this.#slots.isPressed;
  }

  /** `giveUp` is called when others begin to wait for a session: whoever keeps one that it does not need now should end it. */
  onPressure(giveUp: () => void): void {
    this.#slots.onPressure(giveUp);
  }

  async unixSocket(path: string, signal: AbortSignal): Promise<ChannelSocket> {
    return this.#socketOf(
      await openChannel<ClientChannel>(signal, (done) =>
        this.#client.openssh_forwardOutStreamLocal(path, done),
      ),
    );
  }

  async tcpSocket(host: string, port: number, signal: AbortSignal): Promise<ChannelSocket> {
    return this.#socketOf(
      await openChannel<ClientChannel>(signal, (done) =>
        this.#client.forwardOut('127.0.0.1', 0, host, port, done),
      ),
    );
  }

  async commandSocket(line: string, signal: AbortSignal): Promise<ChannelSocket> {
    return this.#socketOf(
      await this.#session<ClientChannel>(signal, (done) => this.#client.exec(line, done)),
    );
  }

  /** Once the start is asked for it is waited for, whatever the signal says: who gives up has to end what may have begun. */
  async command(
    line: string,
    signal: AbortSignal,
    kind: 'command' | 'ending' = 'command',
  ): Promise<RunningCommand> {
    const end: CommandEnd = { code: null, killedBy: undefined };
    const start: Open<ClientChannel> = (done) =>
      this.#client.exec(line, (error, channel) => {
        // At once, as the news of a short command's end may follow in the same packet.
        channel?.once('exit', (code: number | null, killedBy?: string) =>
          Object.assign(end, { code, killedBy }),
        );
        done(error, channel);
      });
    const channel = await this.#session(signal, start, kind, () => AbortSignal.timeout(startMs));
    return { channel, end };
  }

  async sftp(signal: AbortSignal): Promise<SFTPWrapper> {
    return this.#session<SFTPWrapper>(signal, (done) => this.#client.sftp(done));
  }

  /** Ends the connection with all that is open. */
  end(): void {
    for (const socket of this.#sockets) socket.cut();
    this.#client.end();
  }

  async #session<Channel extends ClientChannel | SFTPWrapper>(
    signal: AbortSignal,
    open: Open<Channel>,
    kind: SessionKind = 'other',
    openingSignal = () => signal,
  ): Promise<Channel> {
    for (let refusals = 1; ; refusals += 1) {
      const release = await this.#slots.take(signal, kind);
      try {
        const channel = await openChannel<Channel>(openingSignal(), open);
        this.#sessions += 1;
        channel.once('close', () => {
          this.#sessions -= 1;
          release();
        });
        return channel;
      } catch (error) {
        if (isOpenFailure(error) && refusals >= refusalsMax) this.#slots.refused(this.#sessions);
        release();
        if (!isOpenFailure(error) || refusals >= hopelessRefusals) throw error;
      }
      await sleep(afterRefusalMs, signal);
    }
  }

  #socketOf(channel: ClientChannel): ChannelSocket {
    const socket = new ChannelSocket(channel);
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    return socket;
  }
}
