const answerWithinMs = 5000;

/** Whether Alfa Cloud answers at all, whatever it refuses. */
export const isAlive = (): Promise<boolean> =>
  fetch('/health/live', {
    credentials: 'omit',
    cache: 'no-store',
    signal: AbortSignal.timeout(answerWithinMs),
  }).then(
    ({ ok }) => ok,
    () => false,
  );
