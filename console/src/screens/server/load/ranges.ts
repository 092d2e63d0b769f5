/** Time that the charts show, ms. */
export const ranges = {
  hour: 3_600_000,
  day: 86_400_000,
  fortnight: 14 * 86_400_000,
  year: 365 * 86_400_000,
} as const;
export type Range = keyof typeof ranges;

export const rangeOf = (text: string): Range => (text in ranges ? (text as Range) : 'hour');

/** How often a chart is asked for anew, ms: no more than its steps can move. */
export const refreshOf: Readonly<Record<Range, number>> = {
  hour: 15_000,
  day: 60_000,
  fortnight: 300_000,
  year: 600_000,
};
