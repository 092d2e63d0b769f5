import { sleep } from '@alfa-cloud/service-kit';

export interface OutputBufferOptions {
  /** Stores one piece; pieces are written one after the other. */
  write: (text: string) => Promise<void>;
  /** Takes secrets out of whole lines. Must leave its own replacements alone when it meets them again. */
  redact: (text: string) => string;
  /** Shortest time between two pieces. */
  intervalMs: number;
  /** Largest piece, in bytes of UTF-8. Default 16 KiB. */
  pieceBytes?: number;
  /** Bytes stored in all before only the end of the output is kept. Default 1 MiB. */
  totalBytes?: number;
}

/** Pieces that may wait for their turn; older output beyond that is left out, since the newest says most. */
const waitingPieces = 8;

/**
 * Turns a stream of output into few, bounded, redacted pieces.
 * A line is held back until it is complete, so that a secret cut in two by the transport is seen whole.
 * What is too much is left out in the middle, with a line that says how much: the end, where errors stand, is always kept.
 */
export class OutputBuffer {
  readonly #options: Required<OutputBufferOptions>;
  #pending = '';
  #omittedBytes = 0;
  #storedBytes = 0;
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> | null = null;
  #fault: { error: unknown } | null = null;
  #closed = false;

  constructor(options: OutputBufferOptions) {
    this.#options = { pieceBytes: 16 * 1024, totalBytes: 1024 * 1024, ...options };
  }

  /** Adds output. Ignored after {@link close}. */
  readonly add = (text: string): void => {
    if (this.#closed || this.#fault !== null) return;
    this.#pending += text;
    if (this.#pending.length > this.#room()) this.#leaveOut();
    this.#schedule();
  };

  /** Writes what is left, the last line too. @throws what `write` threw, now or before */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#writing;
    if (this.#pending.length > this.#room()) this.#leaveOut();
    while (this.#fault === null && this.#pending !== '') {
      if (this.#storedBytes > 0) await sleep(this.#options.intervalMs);
      await this.#writePiece(this.#take());
    }
    if (this.#fault !== null) throw this.#fault.error;
  }

  /** Characters that may wait. */
  #room(): number {
    const { pieceBytes, totalBytes } = this.#options;
    return this.#storedBytes < totalBytes ? waitingPieces * pieceBytes : pieceBytes;
  }

  #hasReady(): boolean {
    return this.#pending.includes('\n') || this.#pending.length > this.#options.pieceBytes;
  }

  #schedule(): void {
    if (this.#closed || this.#timer !== null || this.#writing !== null || this.#fault !== null) return;
    if (this.#storedBytes >= this.#options.totalBytes || !this.#hasReady()) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#writing = this.#writePiece(this.#take()).finally(() => {
        this.#writing = null;
        this.#schedule();
      });
    }, this.#options.intervalMs);
  }

  /**
   * The redacted part that may be stored and the raw rest: an incomplete line, in which a secret may have begun.
   * Of a line longer than a piece only the end is held back.
   */
  #split(): [ready: string, rest: string] {
    const lines = this.#pending.lastIndexOf('\n') + 1;
    const { pieceBytes, redact } = this.#options;
    if (lines > 0) return [redact(this.#pending.slice(0, lines)), this.#pending.slice(lines)];
    if (this.#pending.length <= pieceBytes) return ['', this.#pending];
    const text = redact(this.#pending);
    const cut = wholeCharacters(text, Math.max(0, text.length - pieceBytes / 4));
    return [text.slice(0, cut), text.slice(cut)];
  }

  /** Takes one piece out of what is ready, or of everything once the output is closed. */
  #take(): string {
    const [ready, rest] = this.#closed ? [this.#options.redact(this.#pending), ''] : this.#split();
    const notice = this.#omittedBytes > 0 ? `[… ${this.#omittedBytes} bytes of output left out …]\n` : '';
    this.#omittedBytes = 0;
    const piece = prefixOf(ready, this.#options.pieceBytes - Buffer.byteLength(notice));
    this.#pending = ready.slice(piece.length) + rest;
    return notice + piece;
  }

  /** Drops the older half of what waits, at the end of a line where there is one. */
  #leaveOut(): void {
    const [ready, rest] = this.#split();
    const surplus = Math.min(ready.length, ready.length + rest.length - this.#room() / 2);
    const lineEnd = ready.indexOf('\n', surplus - 1) + 1;
    const cut = lineEnd > 0 ? lineEnd : wholeCharacters(ready, surplus);
    this.#omittedBytes += Buffer.byteLength(ready.slice(0, cut));
    this.#pending = ready.slice(cut) + rest;
  }

  async #writePiece(piece: string): Promise<void> {
    if (piece === '') return;
    try {
      await this.#options.write(piece);
      this.#storedBytes += Buffer.byteLength(piece);
    } catch (error) {
      this.#fault = { error };
    }
  }
}

/** The longest beginning of a text within a number of bytes, ending with a line where possible. */
const prefixOf = (text: string, maxBytes: number): string => {
  let end = Math.min(text.length, maxBytes);
  while (Buffer.byteLength(text.slice(0, end)) > maxBytes) end = Math.floor((end * 7) / 8);
  if (end === text.length) return text;
  const lines = text.lastIndexOf('\n', end - 1) + 1;
  return text.slice(0, lines > 0 ? lines : wholeCharacters(text, end));
};

/** The index, or the one before it where it would cut a surrogate pair. */
const wholeCharacters = (text: string, index: number): number =>
  /[\uD800-\uDBFF]/.test(text.charAt(index - 1)) ? index - 1 : index;
