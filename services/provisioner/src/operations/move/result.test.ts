import type { OperationEvent } from '@alfa-cloud/contracts';
import { expect, test } from '@jest/globals';
import { rateOf } from './result.ts';

const mib = 1024 ** 2;

const written = (step: string, bytes: number, bytesPerSecond: number): OperationEvent => ({
  type: 'OperationOutputWritten',
  data: {
    operationId: 'move',
    step,
    text: '',
    transfer: { bytes, totalBytes: null, bytesPerSecond, etaSeconds: null },
  },
});

test('the rate of a move is that of all its data, by the last that each transfer has told', () => {
  const storage = [written('storage', 10 * mib, mib), written('storage', 60 * mib, 30 * mib)];
  // 60 MiB in 2 s and 20 MiB in 2 s.
  expect(rateOf([...storage, written('database', 20 * mib, 10 * mib)])).toBe(20 * mib);
  expect(rateOf([...storage, written('image', 900 * mib, mib)])).toBe(30 * mib);
});

test('it is not known when next to nothing was sent', () => {
  expect(rateOf([])).toBeNull();
  expect(rateOf([written('storage', 1000, 10), written('database', 0, 0)])).toBeNull();
});
