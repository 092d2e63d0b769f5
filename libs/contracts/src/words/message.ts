import { Type, type Static } from 'typebox';
import { messagesRu } from './messages.ru.ts';
import type { Language } from './words.ts';

/**
 * What is wrong, as a sentence with what stands in it. The template is English, with `{}` for each value; it is the key of the sentence in the
 * catalogues of other languages. `about`: what the sentence is about, put before it in quotation marks.
 */
export const Message = Type.Object({
  template: Type.String(),
  values: Type.Array(Type.Union([Type.String(), Type.Number()])),
  about: Type.Optional(Type.String()),
});
export type Message = Static<typeof Message>;

/** Writes a message in its English words: message`There is no backup ${backupId}`. */
export const message = (texts: TemplateStringsArray, ...values: (string | number)[]): Message => ({
  template: texts.join('{}'),
  values,
});

const catalogues: { readonly [Each in Exclude<Language, 'en'>]: Readonly<Record<string, string>> } = {
  ru: messagesRu,
};

/** A message in a language; in English where that language has no sentence for it. */
export const messageInWords = (language: Language, { template, values, about }: Message): string => {
  const sentence =
    language === 'en' || !Object.hasOwn(catalogues[language], template)
      ? template
      : (catalogues[language][template] ?? template);
  const start = about === undefined ? '' : `"${about}" `;
  return `${start}${filled(sentence, values)}`;
};

/** `{}` takes the next value, `{2}` the second one. */
const filled = (sentence: string, values: Message['values']): string => {
  if (values.length === 0) return sentence;
  let next = 0;
  return sentence.replaceAll(/\{(\d?)\}/g, (_place, number: string) => {
    next += 1;
    return String(values[(number === '' ? next : Number(number)) - 1] ?? '');
  });
};
