import { expect, test } from '@jest/globals';
import { progressLine, progressLines } from './progress.ts';

const mib = 1024 ** 2;

test('a line tells bytes, rate and what is left', () => {
  const line = (bytes: number, totalBytes: number | null, spentMs: number) =>
    progressLine('storage', { bytes: bytes * mib, totalBytes: totalBytes && totalBytes * mib, spentMs });
  expect(line(120, 200, 4000)).toBe('storage: 120.0 of 200.0 MiB, 30.0 MiB/s, about 3 s more');
  expect(line(120, null, 4000)).toBe('storage: 120.0 MiB, 30.0 MiB/s');
  // More than was thought.
  expect(line(210, 200, 4000)).toBe('storage: 210.0 MiB, 52.5 MiB/s');
  expect(line(0, 200, 4000)).toBe('storage: 0.0 of 200.0 MiB, 0.0 MiB/s');
});

test('lines come at most every two seconds', () => {
  let now = 0;
  const told: string[] = [];
  const progress = progressLines(
    { output: (text) => told.push(text) },
    'database',
    () => null,
    () => now,
  );
  for (now = 0; now <= 5000; now += 100) progress(now);
  expect(told).toHaveLength(2);
  expect(told[0]).toMatch(/^database: .*\n$/);
});
