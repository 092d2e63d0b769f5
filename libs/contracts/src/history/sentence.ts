import type { None } from '../operations/descriptor.ts';
import { historyEn } from './history.en.ts';
import { historyRu } from './history.ru.ts';
import type { Language, ParamsOf } from '../words/words.ts';

const catalogues = { en: historyEn, ru: historyRu } as const;

export type SentenceCode = keyof typeof historyEn;

/** Something to be said, as it is stored and sent: put into words only where it is read. */
export type Sentence = {
  [Code in SentenceCode]: { code: Code; params: Told<ParamsOf<(typeof historyEn)[Code]>> };
}[SentenceCode];

/** A sentence that is told nothing has no parameters. */
type Told<Params> = unknown extends Params ? None : Params;

/** Declares a sentence with the parameters of its code. */
export const say = <Code extends SentenceCode>(
  code: Code,
  params: Extract<Sentence, { code: Code }>['params'],
): Sentence => ({ code, params }) as unknown as Sentence;

/** A sentence in words; one of a newer version, which is not known here, is told by its code. */
export const inWords = (language: Language, { code, params }: Sentence): string => {
  const catalogue: Readonly<Record<string, (params: never) => string>> = catalogues[language];
  return catalogue[code]?.(params as never) ?? code;
};
