/** The moment at which a day of the browser's zone begins; nothing for no day. @param day `YYYY-MM-DD` or empty */
export const dayBegins = (day: string): string | undefined => momentOf(day, 0);

/** The moment at which it is over. */
export const dayEnds = (day: string): string | undefined => momentOf(day, 1);

const momentOf = (day: string, daysLater: number): string | undefined => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
  const moment = new Date(`${day}T00:00:00`);
  moment.setDate(moment.getDate() + daysLater);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
};
