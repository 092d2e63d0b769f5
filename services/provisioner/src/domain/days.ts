/** Calendar day, `YYYY-MM-DD`, at a moment in a time zone (IANA name). */
export const dayIn = (timeZone: string, moment: Date): string => {
  const { year, month, day } = partsIn(timeZone, moment);
  return `${year}-${month}-${day}`;
};

/** Last second of a calendar day in a time zone. */
export const endOfDay = (day: string, timeZone: string): Date => {
  const asIfUtc = new Date(`${day}T23:59:59.000Z`).getTime();
  // The offset is that of the moment itself; a second look corrects a change of the clocks in between.
  const first = asIfUtc - offsetMs(timeZone, new Date(asIfUtc));
  return new Date(asIfUtc - offsetMs(timeZone, new Date(first)));
};

/** True for a name that this system knows as a time zone. */
export const isTimeZone = (name: string): boolean => {
  try {
    partsIn(name, new Date(0));
    return true;
  } catch {
    return false;
  }
};

const offsetMs = (timeZone: string, moment: Date): number => {
  const { year, month, day, hour, minute, second } = partsIn(timeZone, moment);
  return (
    Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) -
    Math.floor(moment.getTime() / 1000) * 1000
  );
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
      second: '2-digit',
    });
  formats.set(timeZone, format);
  return format;
};

const partsIn = (timeZone: string, moment: Date) => {
  const parts = new Map(
    formatIn(timeZone)
      .formatToParts(moment)
      .map(({ type, value }) => [type as string, value]),
  );
  const part = (name: string): string => parts.get(name) ?? '';
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
    second: part('second'),
  };
};
