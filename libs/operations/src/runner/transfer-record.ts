import type { TransferProgress } from '@alfa-cloud/contracts';
import type { Transferred } from '../operation/operation.ts';

/** Shortest time between two records of one transfer in its first minute, and later, ms. */
const firstEveryMs = 2000;
const laterEveryMs = 10_000;
const firstMs = 60_000;
const mebibyte = 1024 ** 2;

export interface TransferRecordOptions {
  /** Stores one record, with its line for the log. */
  write: (text: string, transfer: TransferProgress) => Promise<void>;
  /** Milliseconds of a clock that never goes back. */
  now?: () => number;
}

/**
 * Records how far a transfer has come: every 2 s in its first minute, every 10 s later, and once at its end. What is told in between is counted
 * and not stored.
 */
export class TransferRecord {
  readonly #write: TransferRecordOptions['write'];
  readonly #now: () => number;
  #last: Transferred | null = null;
  #begunAt = 0;
  #recordedAt = 0;
  #isRecorded = true;
  #writing: Promise<void> | null = null;
  #isClosed = false;

  constructor({ write, now = () => performance.now() }: TransferRecordOptions) {
    this.#write = write;
    this.#now = now;
  }

  /** Tells how far it is now. */
  readonly tell = (transferred: Transferred): void => {
    if (this.#isClosed) return;
    const at = this.#now();
    if (this.#last?.what !== transferred.what) {
      this.#begunAt = at;
      this.#recordedAt = at;
    }
    this.#last = transferred;
    this.#isRecorded = false;
    const everyMs = at - this.#begunAt < firstMs ? firstEveryMs : laterEveryMs;
    if (at - this.#recordedAt < everyMs || this.#writing !== null) return;
    // A record that could not be stored ends the whole run by itself.
    this.#writing = this.#record(transferred, at)
      .catch(() => undefined)
      .finally(() => (this.#writing = null));
  };

  /** Waits for a record that is being stored. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  /** Stores nothing of what is told from now on: a step that was cut off and does not listen would seem to be at work during later ones. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.settled();
  }

  /** Records the end of a transfer that went well. @throws what `write` throws */
  async end(): Promise<void> {
    await this.settled();
    if (this.#last !== null && !this.#isRecorded && this.#last.bytes > 0) {
      await this.#record(this.#last, this.#now());
    }
  }

  #record({ what, bytes, totalBytes }: Transferred, at: number): Promise<void> {
    this.#recordedAt = at;
    this.#isRecorded = true;
    const progress = transferProgress({ bytes, totalBytes, spentMs: at - this.#begunAt });
    return this.#write(`${transferLine(what, progress)}\n`, progress);
  }
}

/** Rate since the begin, and time left at that rate. A total that was exceeded is not known any more. */
export const transferProgress = ({
  bytes,
  totalBytes,
  spentMs,
}: Omit<Transferred, 'what'> & { spentMs: number }): TransferProgress => {
  const perMs = bytes / Math.max(1, spentMs);
  const total = totalBytes === null || totalBytes < bytes ? null : totalBytes;
  return {
    bytes,
    totalBytes: total,
    bytesPerSecond: Math.round(perMs * 1000),
    etaSeconds: total === null || bytes === 0 ? null : Math.ceil((total - bytes) / perMs / 1000),
  };
};

/** `storage: 120.0 of 200.0 MiB, 45.2 MiB/s, about 2 s more`. */
export const transferLine = (
  what: string,
  { bytes, totalBytes, bytesPerSecond, etaSeconds }: TransferProgress,
): string => {
  const done = (bytes / mebibyte).toFixed(1);
  const of = totalBytes === null ? '' : ` of ${(totalBytes / mebibyte).toFixed(1)}`;
  const left = etaSeconds === null || etaSeconds === 0 ? '' : `, about ${etaSeconds} s more`;
  return `${what}: ${done}${of} MiB, ${(bytesPerSecond / mebibyte).toFixed(1)} MiB/s${left}`;
};
