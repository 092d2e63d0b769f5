import { randomUUID } from 'node:crypto';

/**
 * Prints the mark behind all that the command prints, and stays until its standard input is closed. `$1` is whether the command gets that input,
 * `$2` the mark, the rest the command.
 */
const script = `input=$1 mark=$2
shift 2
if [ "$input" = given ]; then "$@"; else "$@" < /dev/null; fi
code=$?
printf %s "$mark"
read -r _
exit "$code"`;

/**
 * A command whose output tells its own end. Docker (20.10.24 measured) closes the streams of a command 2 s after it has ended, whatever has not been read by then:
 * a reader that is late by more loses up to some 100 kB without an error and with exit code 0. One that waits for its reader loses
 * nothing; and where it can't wait, since its input has ended before, a missing mark tells.
 * @param hasInput whether the command reads the standard input. Else it has an empty one, and ours is to be closed once the mark has come.
 */
export const withEndMark = (
  argv: readonly string[],
  hasInput: boolean,
): { argv: readonly string[]; mark: Buffer } => {
  const mark = `alfa-end-${randomUUID()}`;
  return {
    argv: ['sh', '-c', script, 'alfa-stream', hasInput ? 'given' : 'none', mark, ...argv],
    mark: Buffer.from(mark),
  };
};

/** Tells the mark from what stands before it, in chunks as they come. */
export interface MarkReader {
  /** @returns the bytes that can't be of the mark; kept back is only what it may begin with */
  read(chunk: Buffer): Buffer;
  /** Whether all that has come ends with the mark. */
  isAtEnd(): boolean;
  /** What was kept back: nothing when it is the mark. */
  rest(): Buffer;
}

const nothing: Buffer = Buffer.alloc(0);

export const createMarkReader = (mark: Buffer): MarkReader => {
  let kept = nothing;
  return {
    read(chunk) {
      const bytes = kept.length === 0 ? chunk : Buffer.concat([kept, chunk]);
      const begin = bytes.length - lengthOfBegun(bytes, mark);
      // A copy, as the chunk may be a part of a large buffer that would stay with it.
      kept = begin === bytes.length ? nothing : Buffer.from(bytes.subarray(begin));
      return bytes.subarray(0, begin);
    },
    isAtEnd: () => kept.equals(mark),
    rest: () => (kept.equals(mark) ? nothing : kept),
  };
};

/** How many bytes at the end are the first ones of the mark. */
const lengthOfBegun = (bytes: Buffer, mark: Buffer): number => {
  for (let length = Math.min(bytes.length, mark.length); length > 0; length -= 1) {
    if (mark.compare(bytes, bytes.length - length, bytes.length, 0, length) === 0) return length;
  }
  return 0;
};
