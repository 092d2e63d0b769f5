import type { Writable } from 'node:stream';

/**
 * From now on, what is written to the stream in one turn of the event loop is held until the end of the turn and passed on in one piece. Give it a
 * socket that is connected, since connecting replaces `write`. ssh2 writes each packet in three parts, which would be three system calls and three
 * segments, and makes a packet of each chunk that it is given, however small.
 */
export const gatherWrites = (stream: Writable): void => {
  const write = stream.write.bind(stream) as (...written: unknown[]) => boolean;
  stream.write = (...written: unknown[]) => {
    if (stream.writableCorked === 0) {
      stream.cork();
      queueMicrotask(() => stream.uncork());
    }
    return write(...written);
  };
};
