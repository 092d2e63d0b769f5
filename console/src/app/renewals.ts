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

/** Where to go so that the page is loaded: to an address with a fragment (the link past the menu leaves one) the browser only scrolls. */
export const withoutFragment = (address: string, from: string): string => {
  const to = new URL(address, from);
  to.hash = '';
  return to.href;
};
