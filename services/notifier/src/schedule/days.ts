/** Day (`YYYY-MM-DD`) and time (`HH:MM`) at a moment in a time zone. */
export const localTime = (timeZone: string, moment: Date): { day: string; time: string } => {
  const parts = new Map(
    formatIn(timeZone)
      .formatToParts(moment)
      .map(({ type, value }) => [type as string, value]),
  );
  const part = (name: string): string => parts.get(name) ?? '';
  return {
    day: `${part('year')}-${part('month')}-${part('day')}`,
    time: `${part('hour')}:${part('minute')}`,
  };
};

/** Whole days from one calendar day to another; negative when the other lies before. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs);

/** The calendar day so many days later. */
export const plusDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);

const dayMs = 24 * 60 * 60 * 1000;

/** True for a name that this system knows as a time zone. */
export const isTimeZone = (name: string): boolean => {
  try {
    formatIn(name);
    return true;
  } catch {
    return false;
  }
};

/** Kept by time zone, of which an installation has one: making one takes twenty times as long as using it. */
const formats = new Map<string, Intl.DateTimeFormat>();

const formatIn = (timeZone: string): Intl.DateTimeFormat => {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
  formats.set(timeZone, format);
  return format;
};
