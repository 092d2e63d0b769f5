import { sleep } from './time.ts';

export interface RetryOptions {
  /** Longest time over all attempts and pauses, in milliseconds. */
  deadlineMs: number;
  /** Number of attempts. Default: limited by the deadline alone. */
  attempts?: number;
  /** Pause before the second attempt, doubled for each further one. Default 100 ms. */
  firstDelayMs?: number;
  /** Longest pause. Default 5000 ms. */
  maxDelayMs?: number;
  signal?: AbortSignal;
  /** Default: every error is tried again. */
  isRetryable?: (error: unknown) => boolean;
  onRetry?: (error: unknown, attempt: number, delayMs: number) => void;
}

/** Pause before attempt `attempt + 1`: exponential, reduced at random by up to a quarter, so that many callers do not retry at the same moment. */
export const backoffMs = (attempt: number, firstDelayMs: number, maxDelayMs: number): number =>
  Math.round(Math.min(maxDelayMs, firstDelayMs * 2 ** (attempt - 1)) * (1 - Math.random() / 4));

/** Tries `act` until it succeeds; throws its last error when attempts or time are used up or the error is not retryable. */
export const retry = async <T>(act: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> => {
  const {
    deadlineMs,
    attempts = Infinity,
    firstDelayMs = 100,
    maxDelayMs = 5000,
    signal,
    isRetryable,
    onRetry,
  } = options;
  const end = performance.now() + deadlineMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await act(attempt);
    } catch (error) {
      const delayMs = backoffMs(attempt, firstDelayMs, maxDelayMs);
      const hopeless =
        attempt >= attempts || performance.now() + delayMs > end || isRetryable?.(error) === false;
      if (hopeless || signal?.aborted === true) throw error;
      onRetry?.(error, attempt, delayMs);
      await sleep(delayMs, signal);
    }
  }
};
