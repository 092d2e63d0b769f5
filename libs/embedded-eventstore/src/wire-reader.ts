import { StatusError } from './errors.ts';
import { status } from '@grpc/grpc-js';

const EIGHT_BYTES = 1;
const LENGTH_DELIMITED = 2;
const FOUR_BYTES = 5;

/**
 * Walks over the fields of an encoded message without copying: appends carry tens of thousands of events, for which the generated classes take
 * most of a second in one go.
 */
export class WireReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  /** Number of the current field. */
  field = 0;
  /** Content of the current field when it is length-delimited, else empty. */
  content: Uint8Array = NOTHING;
  /** Value of the current field when it is a number, exact up to 2^53. */
  value = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Goes to the next field; false at the end. @throws StatusError when the message is cut off or no message */
  next(): boolean {
    if (this.#at >= this.#bytes.length) return false;
    const key = this.#varint();
    this.field = Math.floor(key / 8);
    this.content = NOTHING;
    this.value = 0;
    switch (key % 8) {
      case 0:
        this.value = this.#varint();
        break;
      case EIGHT_BYTES:
        this.#take(8);
        break;
      case LENGTH_DELIMITED:
        this.content = this.#take(this.#varint());
        break;
      case FOUR_BYTES:
        this.#take(4);
        break;
      default:
        throw malformed();
    }
    return true;
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw malformed();
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  #varint(): number {
    let value = 0;
    let factor = 1;
    for (let count = 0; count < 10; count += 1) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw malformed();
      this.#at += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 0x80;
    }
    throw malformed();
  }
}

const NOTHING = new Uint8Array();

const malformed = (): StatusError =>
  new StatusError(status.INTERNAL, 'The request is no well-formed message.');
