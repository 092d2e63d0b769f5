import { Duplex } from 'node:stream';
import type { ClientChannel } from 'ssh2';
import { gatherWrites } from './gather-writes.ts';

const bufferBytes = 65_536;

const connectionLost = (): Error =>
  Object.assign(new Error('the ssh connection was cut'), { code: 'ECONNRESET' });

/**
 * A channel as Node's HTTP client expects a socket to be: destroying it closes the channel, its end without ours leaves our half open, and
 * writing to one that is closed fails instead of waiting for ever. An error that nobody listens for does not end the process; `errored` keeps it.
 */
export class ChannelSocket extends Duplex {
  readonly #channel: ClientChannel;
  #isOpen = true;

  constructor(channel: ClientChannel) {
    super({ allowHalfOpen: true, highWaterMark: bufferBytes });
    this.#channel = channel;
    gatherWrites(this);
    // The connection may be cut while nobody listens: before the socket is handed over, or after its user has done with it.
    this.on('error', () => undefined);
    channel.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) channel.pause();
    });
    channel.once('end', () => this.push(null));
    channel.once('close', () => {
      this.#isOpen = false;
      // What has come is read first; a side that still writes learns of the end by that.
      if (this.readableEnded) this.destroy();
      else this.once('end', () => this.destroy());
    });
    // A command that a socket is made of may complain; it must not be stopped by that.
    channel.stderr.resume();
  }

  override _read(): void {
    this.#channel.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    if (this.#isOpen) this.#channel.write(chunk, () => done());
    else done(connectionLost());
  }

  /** Chunks share packets. */
  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error) => void): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'buffer', done);
  }

  override _final(done: () => void): void {
    if (this.#isOpen) this.#channel.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (this.#isOpen) this.#channel.close();
    this.#channel.resume();
    done(error);
  }

  /** The connection under the channel is gone: whoever uses it must not take that for the end of what was told. */
  cut(): void {
    this.#isOpen = false;
    this.destroy(connectionLost());
  }

  destroySoon(): void {
    this.end(() => this.destroy());
  }

  // What follows belongs to TCP sockets; the connection under all channels has its own.
  setKeepAlive(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setTimeout(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}
