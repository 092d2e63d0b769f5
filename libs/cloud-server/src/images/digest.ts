import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';

/** `sha256:…` of some content. */
export const digestOf = (content: Buffer | string): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`;

/** True for the digest of some content; false for other ids. */
export const isDigest = (id: string): boolean => /^sha256:[0-9a-f]{64}$/.test(id);

/** Lets bytes through and knows their digest when all have passed. */
export class DigestStream extends Transform {
  readonly #hash = createHash('sha256');
  readonly #check: (digest: string) => Promise<void>;
  /** `sha256:…`, once all has passed. */
  digest = '';

  /** @param check asked at the end; what it throws ends the stream */
  constructor(check: (digest: string) => Promise<void> = async () => {}) {
    super();
    this.#check = check;
  }

  override _transform(
    chunk: Buffer,
    _encoding: BufferEncoding,
    done: (error: Error | null, chunk: Buffer) => void,
  ): void {
    this.#hash.update(chunk);
    done(null, chunk);
  }

  override _flush(done: (error?: Error | null) => void): void {
    this.digest = `sha256:${this.#hash.digest('hex')}`;
    void this.#end(done);
  }

  async #end(done: (error?: Error | null) => void): Promise<void> {
    try {
      await this.#check(this.digest);
    } catch (error) {
      done(error as Error);
      return;
    }
    done();
  }
}
