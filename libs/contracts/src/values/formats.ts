import { fullFormats } from 'ajv-formats/dist/formats.js';
import { asciiEmail, hostNameFault } from './domain-names.ts';
import { type Message, message } from '../words/message.ts';

/** A format of texts: what a value of it looks like, and how it is told where the library's own check does not do. */
interface TextFormat {
  /** Completes "this value …"; a function where it depends on the value. */
  says: Message | ((text: string) => Message);
  check?: (text: string) => boolean;
}

/** RFC 3339 says `T` or `t` between day and time and a zone with minutes; the library takes any blank, line breaks among them, and half a zone. */
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;

const calendarAndClock = fullFormats['date-time'] as { validate: (text: string) => boolean };

const mail = fullFormats.email as RegExp;
/** RFC 5321, in the form that is stored. */
const mailMax = 254;
const mailSays = message`must be an e-mail address like lab@example.org, Latin letters before the @, a domain of any script after it`;

export const formats: Readonly<Record<string, TextFormat>> = {
  date: { says: message`must be a day like 2027-12-31` },
  'date-time': {
    says: message`must be a moment like 2026-11-22T18:00:00Z`,
    check: (text) => rfc3339.test(text) && calendarAndClock.validate(text),
  },
  email: { says: mailSays },
  'idn-email': {
    says: mailSays,
    check: (text) => mail.test(asciiEmail(text)) && asciiEmail(text).length <= mailMax,
  },
  'idn-hostname': {
    says: (text) => hostNameFault(text) ?? message`must be a host name`,
    check: (text) => hostNameFault(text) === null,
  },
};

/** What a text should be to have the format, in words. */
export const formatSentence = (format: string, text: unknown): Message => {
  const says = formats[format]?.says ?? message`is not valid`;
  return typeof says === 'function' ? says(String(text)) : says;
};
