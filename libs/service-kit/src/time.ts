/** A service's source of the current time; tests pass their own. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();

/** Something took longer than its deadline. */
export class DeadlineExceeded extends Error {
  override name = 'DeadlineExceeded';
  readonly what: string;
  readonly milliseconds: number;
  constructor(what: string, milliseconds: number) {
    super(`${what} did not finish within ${milliseconds} ms`);
    this.what = what;
    this.milliseconds = milliseconds;
  }
}

/** Resolves after `milliseconds`; rejects with the signal's reason as soon as it is aborted. */
export const sleep = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(reasonOf(signal));
      return;
    }
    const onAbort = () => {
      clearTimeout(timer);
      reject(reasonOf(signal));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', onAbort, { once: true });
  });

const reasonOf = (signal: AbortSignal | undefined): Error =>
  signal?.reason instanceof Error ? signal.reason : new Error('Aborted', { cause: signal?.reason });

/**
 * Runs `act` and stops waiting for it after `milliseconds`, whether or not it reacts to its signal.
 * @param what names the work in the error, e.g. `image inspect`
 * @param outer aborting it aborts the work too and rejects with its reason
 * @throws DeadlineExceeded
 */
export const withDeadline = async <T>(
  milliseconds: number,
  what: string,
  act: (signal: AbortSignal) => Promise<T>,
  outer?: AbortSignal,
): Promise<T> => {
  const controller = new AbortController();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const giveUp = (reason: Error) => {
    reject(reason);
    controller.abort(reason);
  };
  const onOuterAbort = () => giveUp(reasonOf(outer));
  const timer = setTimeout(() => giveUp(new DeadlineExceeded(what, milliseconds)), milliseconds);
  if (outer?.aborted === true) onOuterAbort();
  else outer?.addEventListener('abort', onOuterAbort, { once: true });
  try {
    return await Promise.race([aborted, act(controller.signal)]);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', onOuterAbort);
  }
};
