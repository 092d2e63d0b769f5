import { Type } from 'typebox';
import { Message, messageInWords, type MessageValue } from './message.ts';
import type { Language } from './words.ts';

/** Why something is as it is, for people: fields of an event or a view. Never a secret. */
export const reasonFields = {
  /** In English. */
  reason: Type.String(),
  /** The same for every language. Absent: nothing stands in it, and its English words are its template; or a former version told it. */
  message: Type.Optional(Message),
};

/** Why something is as it is: a stable slug for programs, and {@link reasonFields}. */
export interface Reason {
  code: string;
  reason: string;
  message?: Message;
}

/** A sentence as it is stored. */
export const reasonOf = (words: string | Message): { reason: string; message?: Message } => {
  if (typeof words === 'string') return { reason: words };
  const { template, values, about } = words;
  if (values.length === 0 && about === undefined) return { reason: template };
  return { reason: messageInWords('en', words), message: words };
};

/** The message that stored fields stand for. */
export const messageOf = ({ reason, message }: { reason: string; message?: Message }): Message =>
  message ?? { template: reason, values: [] };

/** A stored reason in a language; in English where a former version has told it in no other. */
export const reasonInWords = (language: Language, stored: { reason: string; message?: Message }): string =>
  messageInWords(language, messageOf(stored));

/** What is stored, as it is shown to people of a language. */
export const withReasonInWords = <Stored extends { reason: string; message?: Message }>(
  language: Language,
  stored: Stored,
): Omit<Stored, 'message'> => {
  const { message: _, ...rest } = stored;
  return { ...rest, reason: reasonInWords(language, stored) };
};

/** Messages one after the other. */
export const joined = (messages: readonly MessageValue[], between: string): Message => {
  const [first] = messages;
  if (messages.length === 1 && typeof first === 'object') return first;
  return { template: messages.map(() => '{}').join(between), values: [...messages] };
};

/** A message whose texts are all changed by the same rule, e.g. to take secrets out. */
export const mapTexts = (
  { template, values, about }: Message,
  change: (text: string) => string,
): Message => ({
  template: change(template),
  values: values.map((value) => {
    if (typeof value === 'object') return mapTexts(value, change);
    return typeof value === 'string' ? change(value) : value;
  }),
  ...(about === undefined ? {} : { about: change(about) }),
});

/** What an error says, for every language when it carries its message so (`words`), else as it stands. */
export const wordsOf = (error: unknown): Message => {
  if (typeof error === 'object' && error !== null) {
    if ('words' in error) return error.words as Message;
    if ('message' in error) return { template: String(error.message), values: [] };
  }
  return { template: String(error), values: [] };
};
