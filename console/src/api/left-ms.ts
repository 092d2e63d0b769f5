/** Shorter ones would only find the question on its way. */
const leastMs = 500;

interface Told {
  dataUpdatedAt: number;
  errorUpdatedAt: number;
}

/**
 * How long it is until a question is asked again that was answered, or failed, last at the moments of `told`. The timer begins anew with everything that
 * happens to what is shown, and would else never come to its end where that happens all the time.
 */
export const leftMs = (
  everyMs: number,
  { dataUpdatedAt, errorUpdatedAt }: Told,
  now = Date.now(),
): number => {
  const last = Math.max(dataUpdatedAt, errorUpdatedAt);
  return last === 0 ? everyMs : Math.min(everyMs, Math.max(leastMs, last + everyMs - now));
};
