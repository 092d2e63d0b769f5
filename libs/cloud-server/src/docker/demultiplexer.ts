import { StringDecoder } from 'node:string_decoder';

const headerLength = 8;
const stderrType = 2;

/**
 * Takes apart the stream in which Docker carries standard output and error of a command without a terminal: frames of a type byte,
 * three zero bytes, a 32-bit length and so many bytes. Feed it the chunks as they come; a frame may come in several parts.
 */
export const createFrameReader = (
  onBytes: (stream: 'stdout' | 'stderr', bytes: Buffer) => void,
): { write: (chunk: Uint8Array) => void; isBetweenFrames: () => boolean } => {
  const header = Buffer.alloc(headerLength);
  let headerFilled = 0;
  let remaining = 0;
  let stream: 'stdout' | 'stderr' = 'stdout';
  return {
    write: (chunk) => {
      let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      while (rest.length > 0) {
        if (remaining === 0) {
          const taken = rest.copy(header, headerFilled, 0, headerLength - headerFilled);
          headerFilled += taken;
          rest = rest.subarray(taken);
          if (headerFilled < headerLength) return;
          headerFilled = 0;
          stream = header.readUInt8(0) === stderrType ? 'stderr' : 'stdout';
          remaining = header.readUInt32BE(4);
        } else {
          const payload = rest.subarray(0, remaining);
          remaining -= payload.length;
          rest = rest.subarray(payload.length);
          onBytes(stream, payload);
        }
      }
    },
    isBetweenFrames: () => remaining === 0 && headerFilled === 0,
  };
};

/** The same as text, which is decoded over frame borders. */
export const createDemultiplexer = (
  onText: (stream: 'stdout' | 'stderr', text: string) => void,
): { write(chunk: Uint8Array): void; end(): void } => {
  const decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  const emit = (stream: 'stdout' | 'stderr', text: string) => {
    if (text !== '') onText(stream, text);
  };
  const reader = createFrameReader((stream, bytes) => emit(stream, decoders[stream].write(bytes)));
  return {
    write: reader.write,
    end() {
      for (const stream of ['stdout', 'stderr'] as const) emit(stream, decoders[stream].end());
    },
  };
};
