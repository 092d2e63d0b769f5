import { fullFormats } from 'ajv-formats/dist/formats.js';

/** A format of texts: what a value of it looks like, and how it is told where the library's own check does not do. */
interface TextFormat {
  says: string;
  check?: (text: string) => boolean;
}

/** RFC 3339 says `T` or `t` between day and time and a zone with minutes; the library takes any blank, line breaks among them, and half a zone. */
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;

const calendarAndClock = fullFormats['date-time'] as { validate: (text: string) => boolean };

export const formats: Readonly<Record<string, TextFormat>> = {
  date: { says: 'must be a day like 2027-12-31' },
  'date-time': {
    says: 'must be a moment like 2026-11-22T18:00:00Z',
    check: (text) => rfc3339.test(text) && calendarAndClock.validate(text),
  },
  email: { says: 'must be an e-mail address' },
};
