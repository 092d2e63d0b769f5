import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OutputBuffer } from './output-buffer.ts';

const secret = 'hunter2-very-secret';
const redact = (text: string) => text.replaceAll(secret, '[redacted]');

const collect = (options: { pieceBytes?: number; totalBytes?: number; intervalMs?: number } = {}) => {
  const pieces: string[] = [];
  const write = async (text: string) => {
    pieces.push(text);
  };
  return { pieces, buffer: new OutputBuffer({ write, redact, intervalMs: 1, ...options }) };
};

describe('output', () => {
  test('is stored in few pieces, whole and in order', async () => {
    const { pieces, buffer } = collect({ intervalMs: 5 });
    for (let line = 0; line < 100; line += 1) buffer.add(`line ${line}\n`);
    await buffer.close();
    expect(pieces).toHaveLength(1);
    expect(pieces.join('').split('\n')).toHaveLength(101);
  });

  test('appears while the work goes on, an incomplete line at the end of it', async () => {
    const first = Promise.withResolvers<string>();
    const write = async (text: string) => first.resolve(text);
    const buffer = new OutputBuffer({ write, redact, intervalMs: 1 });
    buffer.add('50 %\n70');
    expect(await first.promise).toBe('50 %\n');
    await buffer.close();
  });

  test('has no secret in it, however it was cut in pieces on the way', async () => {
    const text = `a\nuses ${secret} twice ${secret}\n${secret}\nü${secret}`;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1 }), async (sizes) => {
        const { pieces, buffer } = collect({ pieceBytes: 64, intervalMs: 0 });
        for (let at = 0, turn = 0; at < text.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          buffer.add(text.slice(at, at + size));
          at += size;
          if (turn % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
        }
        await buffer.close();
        expect(pieces.join('')).toBe(redact(text));
      }),
      { numRuns: 40 },
    );
  });

  test('of one long line has no secret in it, wherever the line is cut', async () => {
    for (let before = 100; before < 260; before += 3) {
      const { pieces, buffer } = collect({ pieceBytes: 256, intervalMs: 0 });
      buffer.add(`${'x'.repeat(before)}${secret}${'y'.repeat(260 - before)}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
      buffer.add('z');
      await buffer.close();
      expect(pieces.length).toBeGreaterThan(1);
      expect(pieces.join('')).toBe(`${'x'.repeat(before)}[redacted]${'y'.repeat(260 - before)}z`);
    }
  });

  test('keeps its pieces within their size, whatever the characters', async () => {
    const { pieces, buffer } = collect({ pieceBytes: 256, totalBytes: 1_000_000 });
    const text = '🧪щ'.repeat(300);
    buffer.add(text);
    await buffer.close();
    expect(pieces.join('')).toBe(text);
    expect(Math.max(...pieces.map((piece) => Buffer.byteLength(piece)))).toBeLessThanOrEqual(256);
    expect(pieces.every((piece) => piece.isWellFormed())).toBe(true);
  });

  test('of one endless line leaves out its beginning, not a secret at its end', async () => {
    const { pieces, buffer } = collect({ pieceBytes: 256 });
    buffer.add('x'.repeat(5000));
    buffer.add(secret.slice(0, 9));
    buffer.add(`${secret.slice(9)} end`);
    await buffer.close();
    expect(pieces.join('')).toMatch(/^\[… \d+ bytes of output left out …\]\nx+\[redacted\] end$/);
  });

  test('beyond its bound is left out in the middle, with a line that says so', async () => {
    const { pieces, buffer } = collect({ pieceBytes: 1024, totalBytes: 4096 });
    for (let line = 0; line < 20_000; line += 1) {
      buffer.add(`line ${line}\n`);
      if (line % 1000 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await buffer.close();
    const lines = pieces.join('').split('\n');
    expect(lines[0]).toBe('line 0');
    expect(lines.at(-2)).toBe('line 19999');
    const kept = lines.filter((line) => line.startsWith('line')).map((line) => `${line}\n`.length);
    const left = lines.flatMap((line) => (/left out/.test(line) ? [Number(/\d+/.exec(line)?.[0])] : []));
    const all = Array.from({ length: 20_000 }, (_, line) => `line ${line}\n`.length);
    const sum = (numbers: number[]) => numbers.reduce((one, other) => one + other, 0);
    expect(sum(kept) + sum(left)).toBe(sum(all));
    expect(sum(kept)).toBeLessThan(4096 + 10 * 1024);
  });

  test('after the end is ignored, and a failure to store it is told at the end', async () => {
    const { pieces, buffer } = collect();
    await buffer.close();
    buffer.add('late\n');
    await buffer.close();
    expect(pieces).toEqual([]);

    const broken = new OutputBuffer({
      write: () => Promise.reject(new Error('gone')),
      redact,
      intervalMs: 0,
    });
    broken.add('text\n');
    await expect(broken.close()).rejects.toThrow('gone');
  });
});
