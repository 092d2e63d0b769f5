import { Type } from 'typebox';
import { messagesRu } from './messages.ru.ts';
import type { Language } from './words.ts';

/**
 * What is wrong, as a sentence with what stands in it. The template is English, with `{}` for each value; it is the key of the sentence in the
 * catalogues of other languages.
 */
export interface Message {
  template: string;
  /** Texts that are the same in every language, and messages. */
  values: MessageValue[];
  /** What the sentence is about, put before it in quotation marks. */
  about?: string;
}
export type MessageValue = string | number | Message;

const schemaId = 'alfa-message';
/** Form of a {@link Message}. It names itself, since messages stand in messages. */
export const Message = Type.Unsafe<Message>(
  Type.Object(
    {
      template: Type.String(),
      values: Type.Array(
        Type.Union([Type.String(), Type.Number(), Type.Unsafe<Message>({ $ref: schemaId })]),
      ),
      about: Type.Optional(Type.String()),
    },
    { $id: schemaId },
  ),
);

/** Writes a message in its English words: message`There is no backup ${backupId}`. */
export const message = (texts: TemplateStringsArray, ...values: MessageValue[]): Message => ({
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
  const inWords = values.map((value) =>
    typeof value === 'object' ? messageInWords(language, value) : String(value),
  );
  return `${start}${filled(sentence, inWords)}`;
};

/** `{}` takes the next value, `{2}` the second one. */
const filled = (sentence: string, values: readonly string[]): string => {
  if (values.length === 0) return sentence;
  let next = 0;
  return sentence.replaceAll(/\{(\d?)\}/g, (_place, number: string) => {
    next += 1;
    return values[(number === '' ? next : Number(number)) - 1] ?? '';
  });
};
