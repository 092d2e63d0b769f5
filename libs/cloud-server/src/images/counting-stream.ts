import { Transform } from 'node:stream';

/** Lets bytes through and tells how many have passed by now. */
export const countingStream = (onBytes: (bytes: number) => void): Transform => {
  let passed = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      passed += chunk.length;
      onBytes(passed);
      done(null, chunk);
    },
  });
};
