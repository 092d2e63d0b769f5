/** Several values of one metric: how many, the smallest, the mean and the largest. */
export interface Summary {
  count: number;
  min: number;
  avg: number;
  max: number;
}

/** Null: nothing was measured. */
export type Summaries = readonly (Summary | null)[];

export const summaryOf = (value: number | null): Summary | null =>
  value === null || !Number.isFinite(value) ? null : { count: 1, min: value, avg: value, max: value };

/** Both together. The order does not matter but for rounding; what one of them lacks the other tells alone. Pure. */
export const merged = (one: Summary | null, other: Summary | null): Summary | null => {
  if (one === null || other === null) return one ?? other;
  const count = one.count + other.count;
  const [min, max] = [Math.min(one.min, other.min), Math.max(one.max, other.max)];
  // As a step from the one to the other, which can't grow too large to be told; rounding must not lead it out of the bounds.
  const avg = one.avg * (one.count / count) + other.avg * (other.count / count);
  return { count, min, avg: Math.min(max, Math.max(min, avg)), max };
};

export const mergedAll = (one: Summaries, other: Summaries): Summaries =>
  Array.from({ length: Math.max(one.length, other.length) }, (_, index) =>
    merged(one[index] ?? null, other[index] ?? null),
  );

const partsOfSummary = 4;

/** Summaries as they are stored: four numbers of 32 bits each, which is seven digits. What was not measured is stored as count 0. */
export const encodeSummaries = (summaries: Summaries): Uint8Array => {
  const numbers = new Float32Array(summaries.length * partsOfSummary);
  for (const [index, summary] of summaries.entries()) {
    if (summary === null) continue;
    const { count, min, avg, max } = summary;
    numbers.set([count, min, avg, max], index * partsOfSummary);
  }
  return new Uint8Array(numbers.buffer);
};

/** Bytes that hold something else give nothing measured. */
export const decodeSummaries = (bytes: Uint8Array): Summaries => {
  const whole = bytes.byteLength - (bytes.byteLength % (partsOfSummary * Float32Array.BYTES_PER_ELEMENT));
  const numbers = new Float32Array(bytes.slice(0, whole).buffer);
  return Array.from({ length: numbers.length / partsOfSummary }, (_, index) => {
    const [count = 0, min = 0, avg = 0, max = 0] = numbers.subarray(index * partsOfSummary);
    return count > 0 && [min, avg, max].every(Number.isFinite) ? { count, min, avg, max } : null;
  });
};
