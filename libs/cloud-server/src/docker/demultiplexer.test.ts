import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createDemultiplexer } from './demultiplexer.ts';

const frame = (type: number, text: string): Buffer => {
  const payload = Buffer.from(text);
  const header = Buffer.alloc(8);
  header.writeUInt8(type, 0);
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
};

const read = (chunks: readonly Uint8Array[]) => {
  const texts = { stdout: '', stderr: '' };
  const demultiplexer = createDemultiplexer((stream, text) => (texts[stream] += text));
  for (const chunk of chunks) demultiplexer.write(chunk);
  demultiplexer.end();
  return texts;
};

test('texts come out whole however the stream is cut', () => {
  const frames = fc.array(fc.tuple(fc.constantFrom(1, 2), fc.string({ unit: 'grapheme' })), { maxLength: 8 });
  fc.assert(
    fc.property(frames, fc.integer({ min: 1, max: 9 }), (parts, size) => {
      const stream = Buffer.concat(parts.map(([type, text]) => frame(type, text)));
      const chunks = Array.from({ length: Math.ceil(stream.length / size) }, (_, index) =>
        stream.subarray(index * size, (index + 1) * size),
      );
      const textOf = (wanted: number) =>
        parts.flatMap(([type, text]) => (type === wanted ? [text] : [])).join('');
      expect(read(chunks)).toEqual({ stdout: textOf(1), stderr: textOf(2) });
    }),
  );
});

test('a character cut in two by frames is put together again', () => {
  const [first, second] = [Buffer.from('ü').subarray(0, 1), Buffer.from('ü').subarray(1)];
  const header = (length: number) => Buffer.from([1, 0, 0, 0, 0, 0, 0, length]);
  expect(read([header(1), first, header(1), second])).toEqual({ stdout: 'ü', stderr: '' });
});
