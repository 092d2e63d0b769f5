/** The few parts of the protocol-buffer encoding that an event needs, written into a buffer whose size the caller has worked out before. */

export const VARINT = 0;
export const LENGTH_DELIMITED = 2;

/** One byte as long as the field's number is below 16. */
export const tag = (field: number, wireType: number): number => (field << 3) | wireType;

/** Bytes that a whole number from 0 to 2^53-1 takes. */
export function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size += 1;
  return size;
}

/** Bytes of a length-delimited field with a number below 16. */
export const fieldSize = (length: number): number => 1 + varintSize(length) + length;

export class WireWriter {
  readonly buffer: Buffer;
  #at = 0;

  constructor(size: number) {
    this.buffer = Buffer.allocUnsafe(size);
  }

  byte(value: number): void {
    this.buffer[this.#at] = value;
    this.#at += 1;
  }

  /** A whole number from 0 to 2^53-1. */
  varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  /** The start of a length-delimited field with a number below 16. */
  field(number: number, length: number): void {
    this.byte(tag(number, LENGTH_DELIMITED));
    this.varint(length);
  }

  bytes(bytes: Uint8Array): void {
    this.buffer.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  ascii(text: string): void {
    this.#at += this.buffer.write(text, this.#at, 'latin1');
  }
}
