import type { StepIo } from '@alfa-cloud/operations';

/** From one line about the progress to the next, ms. */
const lineMs = 2000;
const mebibyte = 1024 ** 2;

/** Writes into the log how many bytes have been sent, how fast, and how long the others will take. */
export interface Progress {
  /** @param bytes sent so far, in all */
  (bytes: number): void;
}

/**
 * @param what begins each line, e.g. "storage"
 * @param totalOf how many there will be; null: nobody knows
 */
export const progressLines = (
  { output }: Pick<StepIo, 'output'>,
  what: string,
  totalOf: () => number | null,
  now: () => number = () => performance.now(),
): Progress => {
  const begunAt = now();
  let toldAt = begunAt;
  return (bytes) => {
    const at = now();
    if (at - toldAt < lineMs) return;
    toldAt = at;
    output(`${progressLine(what, { bytes, totalBytes: totalOf(), spentMs: at - begunAt })}\n`);
  };
};

/** `storage: 120.0 of 200.0 MiB, 45.2 MiB/s, about 2 s more`. */
export const progressLine = (
  what: string,
  { bytes, totalBytes, spentMs }: { bytes: number; totalBytes: number | null; spentMs: number },
): string => {
  const perMs = bytes / Math.max(1, spentMs);
  const done = (bytes / mebibyte).toFixed(1);
  const rate = ((perMs * 1000) / mebibyte).toFixed(1);
  if (totalBytes === null || totalBytes < bytes) return `${what}: ${done} MiB, ${rate} MiB/s`;
  const line = `${what}: ${done} of ${(totalBytes / mebibyte).toFixed(1)} MiB, ${rate} MiB/s`;
  return bytes === 0 ? line : `${line}, about ${Math.ceil((totalBytes - bytes) / perMs / 1000)} s more`;
};
