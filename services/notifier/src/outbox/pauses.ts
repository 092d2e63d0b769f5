const firstMs = 60_000;
/** Longest pause while the mail server refuses this mail for now: an hour. */
const longestMs = 60 * 60_000;
/** Longest pause while the mail server is away: 5 minutes, so that mails go out soon after its return. */
const longestOutageMs = 5 * 60_000;

/**
 * Pause after the n-th failure in a row, ms: a minute, doubled each time, up to a longest one. Not random: a rate limit spreads what is due at
 * the same time.
 */
export const pauseAfterMs = (failures: number, outage: boolean): number =>
  Math.min(firstMs * 2 ** Math.min(failures - 1, 10), outage ? longestOutageMs : longestMs);
