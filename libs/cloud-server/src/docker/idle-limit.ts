import { DeadlineExceeded } from '@alfa-cloud/service-kit';

/** What is told while bytes pass. */
export interface IdleLimit {
  /** A byte has passed: from now on the next one has to come in time. */
  touch(): void;
  /** All have passed: what follows may take as long as it takes. */
  lift(): void;
}

/**
 * Ends work in which no byte passes for so long. The time before the first one is not limited: an engine prepares an archive before it sends it.
 * @throws DeadlineExceeded
 */
export const withIdleLimit = async <T>(
  idleMs: number,
  outer: AbortSignal,
  act: (signal: AbortSignal, limit: IdleLimit) => Promise<T>,
): Promise<T> => {
  const idle = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const limit: IdleLimit = {
    touch() {
      timer ??= setTimeout(() => idle.abort(new DeadlineExceeded('the next byte', idleMs)), idleMs);
      timer.refresh();
    },
    lift: () => clearTimeout(timer),
  };
  try {
    return await act(AbortSignal.any([outer, idle.signal]), limit);
  } catch (error) {
    throw idle.signal.aborted ? idle.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
};
