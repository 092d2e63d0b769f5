import { language } from './language.ts';

const locale = (): string => (language.value === 'ru' ? 'ru-RU' : 'en-GB');

/** A form of dates in the language of the moment. The formatter is kept: making one for each cell took most of the time that a list needs. */
const dateForm = (options: Intl.DateTimeFormatOptions): ((date: Date) => string) => {
  const made = new Map<string, Intl.DateTimeFormat>();
  return (date) => {
    const form = made.get(locale()) ?? new Intl.DateTimeFormat(locale(), options);
    made.set(locale(), form);
    return form.format(date);
  };
};

const dayForm = dateForm({ day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
const momentForm = dateForm({ dateStyle: 'medium', timeStyle: 'medium' });
const timeForm = dateForm({ timeStyle: 'short' });
const short = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const;
const shortForm = dateForm(short);
const shortFormOfOtherYear = dateForm({ ...short, year: 'numeric' });

/** A day: 31 Jan 2027. @param day `YYYY-MM-DD` */
export const dayInWords = (day: string): string => dayForm(new Date(`${day}T00:00:00Z`));

/** A moment to the second, in the time zone of the browser. */
export const momentInWords = (moment: string): string => momentForm(new Date(moment));

/** The time of day alone where the moment is of today, the year too where it is another one. */
export const shortMoment = (moment: string, now = new Date()): string => {
  const at = new Date(moment);
  if (at.toDateString() === now.toDateString()) return timeForm(at);
  return at.getFullYear() === now.getFullYear() ? shortForm(at) : shortFormOfOtherYear(at);
};

const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** How long ago, or in how long: "5 minutes ago", "через 3 дня". */
export const agoInWords = (moment: string, now: number): string => {
  const seconds = (Date.parse(moment) - now) / 1000;
  const format = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' });
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  }
  return format.format(Math.trunc(seconds), 'second');
};

/** Whole days from today to a day, both in UTC as the API counts them; negative for one that is past. */
export const daysUntil = (day: string, now = Date.now()): number =>
  Math.round((Date.parse(`${day}T00:00:00Z`) - Math.floor(now / 86_400_000) * 86_400_000) / 86_400_000);

/** From so many on, days are told. */
const hoursMax = 48;

/** "1.2 s", "3 min 5 s", "2 h 10 min", "40 d 3 h". */
export const durationInWords = (ms: number): string => {
  const [s, min, h, d] = language.value === 'ru' ? ['с', 'мин', 'ч', 'дн.'] : ['s', 'min', 'h', 'd'];
  if (ms < 10_000) return `${(ms / 1000).toLocaleString(locale(), { maximumFractionDigits: 1 })} ${s}`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} ${s}`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} ${min} ${seconds % 60} ${s}`;
  const hours = Math.floor(seconds / 3600);
  if (hours < hoursMax) return `${hours} ${h} ${Math.floor((seconds % 3600) / 60)} ${min}`;
  return `${Math.floor(hours / 24)} ${d} ${hours % 24} ${h}`;
};

const byteUnits = {
  en: ['B', 'KiB', 'MiB', 'GiB', 'TiB'],
  ru: ['Б', 'КиБ', 'МиБ', 'ГиБ', 'ТиБ'],
} as const;

/** Sizes with two or three digits: "1.4 GiB". */
export const bytesInWords = (bytes: number): string => {
  const names = byteUnits[language.value];
  const power = bytes < 1 ? 0 : Math.min(names.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${value.toLocaleString(locale(), { maximumFractionDigits: value < 10 && power > 0 ? 1 : 0 })} ${names[power] ?? ''}`;
};
