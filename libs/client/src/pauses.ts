import type { AlfaError } from './alfa-error.ts';

const backoffMs = { first: 500, max: 30_000 };

/** Half of it is chance: many that were cut off at the same time do not come back at the same time. */
export const pauseAfter = (failures: number, error: AlfaError | null): number => {
  const longest = Math.min(backoffMs.max, backoffMs.first * 2 ** (failures - 1));
  return Math.max((error?.retryAfter ?? 0) * 1000, longest * (0.5 + Math.random() / 2));
};

/** @throws the reason of the signal */
export const pause = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
