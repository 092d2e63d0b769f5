import type { Readable, Writable } from 'node:stream';
import type { CallOptions } from '../call-options.ts';

/** A command between two streams. */
export interface StreamRequest {
  /** Program and arguments; no shell looks at them. With an `output` the container has to have `sh`. */
  argv: readonly string[];
  env?: Readonly<Record<string, string>>;
  user?: string;
  /**
   * Goes to the command's standard input, which is closed at its end. Destroyed when the command ends before it, or the call fails.
   * Absent: no standard input.
   */
  input?: Readable;
  /**
   * Gets the standard output as bytes, and is ended once the exit code is known, whatever that is. Destroyed when the call fails.
   * Absent: nobody reads it.
   */
  output?: Writable;
  /** Bytes of input and output that have passed so far, in sum; called about four times a second at most, and at the end. */
  onProgress?: (bytes: number) => void;
}

export interface StreamOptions extends CallOptions {
  /** Longest time without a byte in either direction, ms. Default 5 min. */
  idleMs?: number;
}

export interface StreamResult {
  exitCode: number;
  /** Its end, when it is longer than 65,536 characters. */
  stderr: string;
}
