const renewalsMax = 3;
const withinMs = 60_000;

/**
 * The moments at which a page was loaded anew, and `now`, as a text for the storage of its tab; null when it was loaded so 3 times in the last minute,
 * since once more would mend nothing.
 */
export const renewalsWithOneMore = (text: string, now: number): string | null => {
  const recent = text.split(' ').filter((moment) => moment !== '' && now - Number(moment) < withinMs);
  return recent.length < renewalsMax ? [...recent, now].join(' ') : null;
};
