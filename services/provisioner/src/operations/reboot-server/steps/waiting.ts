import { sleep } from '@alfa-cloud/service-kit';

/** From one look to the next, ms. */
const pollMs = 1000;
/** Sign of life in the log, ms. */
const signMs = 20_000;
/** A worker that is silent for longer may be taken for dead; see {@link signMs}. */
export const quietMs = 3 * signMs;

export interface Waiting {
  deadlineMs: number;
  output: (text: string) => void;
  signal: AbortSignal;
}

/**
 * Looks again and again until nothing is missing.
 * @param missing what is missing still; null: nothing
 * @param line what the log says of it, when it changes and every 20 s
 * @param failure thrown when it is still missing at the deadline
 */
export const untilOrLate = async <Missing>(
  { deadlineMs, output, signal }: Waiting,
  missing: () => Promise<Missing | null>,
  line: (missing: Missing, waitedMs: number) => string,
  failure: (missing: Missing) => Error | Promise<Error>,
): Promise<void> => {
  const begin = performance.now();
  let told = '';
  let toldAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    const lacking = await missing();
    if (lacking === null) return;
    const now = performance.now();
    if (now - begin >= deadlineMs) throw await failure(lacking);
    const text = line(lacking, now - begin);
    if (text !== told || now - toldAt >= signMs) {
      output(`${text}\n`);
      told = text;
      toldAt = now;
    }
    await sleep(Math.min(pollMs, deadlineMs), signal);
  }
};

/** `45 s more by the last reboot`, or nothing when there was none or it took less. */
export const timeLeft = (lastMs: number | null, waitedMs: number): string => {
  if (lastMs === null || lastMs <= waitedMs) return '';
  return `; about ${Math.ceil((lastMs - waitedMs) / 1000)} s more, as the last time`;
};
