import type { SFTPWrapper } from 'ssh2';
import type { LiveConnection } from './live-connection.ts';
import type { SshConnection } from './ssh-connection.ts';

/** One SFTP session for all who work with files at the same time. It is kept for the next, unless others wait for a session. */
export class SftpSession {
  readonly #connection: SshConnection;
  #opening: Promise<SFTPWrapper> | undefined;
  #live: LiveConnection | undefined;
  #users = 0;
  #end: (() => void) | undefined;

  constructor(connection: SshConnection) {
    this.#connection = connection;
  }

  async use<T>(signal: AbortSignal, act: (sftp: SFTPWrapper) => Promise<T>): Promise<T> {
    this.#users += 1;
    try {
      return await act(await this.#session(signal));
    } finally {
      this.#users -= 1;
      if (this.#live?.isPressed === true) this.#endIfIdle();
    }
  }

  #session(signal: AbortSignal): Promise<SFTPWrapper> {
    this.#opening ??= this.#open(signal).catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async #open(signal: AbortSignal): Promise<SFTPWrapper> {
    const live = await this.#connection.live(signal);
    const sftp = await live.sftp(signal);
    const forget = () => {
      if (this.#end !== end) return;
      this.#end = undefined;
      this.#opening = undefined;
    };
    const end = () => {
      forget();
      sftp.end();
    };
    this.#end = end;
    this.#live = live;
    sftp.once('close', forget);
    live.onPressure(() => this.#endIfIdle());
    return sftp;
  }

  #endIfIdle(): void {
    if (this.#users === 0) this.#end?.();
  }
}
