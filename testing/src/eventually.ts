import { setTimeout as delay } from 'node:timers/promises';

export interface EventuallyOptions {
  /** Default 30 s: far beyond what a quiet machine needs, since tests run side by side on slow ones. */
  readonly timeoutMs?: number;
  /** Pause between two attempts; default 50 ms. */
  readonly intervalMs?: number;
}

/**
 * Repeats the probe until it returns something other than `undefined` or `false`, and returns that.
 * A probe that throws is repeated too; its last error becomes the cause of the failure at the deadline.
 */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  { timeoutMs = 30_000, intervalMs = 50 }: EventuallyOptions = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let lastError: unknown;
  for (;;) {
    try {
      const result = await probe();
      if (result !== undefined && result !== false) return result;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() >= deadline) break;
    await delay(intervalMs);
  }
  const reason = lastError instanceof Error ? `: ${lastError.message}` : '';
  throw new Error(`waited ${timeoutMs} ms in vain for ${what}${reason}`, { cause: lastError });
}
