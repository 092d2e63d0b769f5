/** The same day so many months later; the last one of that month where it has no such day. @param day `YYYY-MM-DD` */
export const monthsAfter = (day: string, months: number): string => {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const lastDate = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, lastDate))).toISOString().slice(0, 10);
};

/** An extension goes on where the use ends; of one that is over, today. */
export const extensionFrom = (expireDate: string, today: string): string =>
  expireDate < today ? today : expireDate;
