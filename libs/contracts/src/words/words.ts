/** Languages in which the API speaks to people. */
export const languages = ['en', 'ru'] as const;
export type Language = (typeof languages)[number];

/** The language of answers to requests that ask for no other. */
export const defaultLanguage: Language = 'en';

/** A text for people, in each language. */
export type Words = { readonly [Each in Language]: string };

/** The sentences of one language by code; `Of` is the catalogue that says what each is told. */
export type CatalogueLike<Of> = {
  readonly [Code in keyof Of]: (params: ParamsOf<Of[Code]>) => string;
};

/** What a sentence is told. */
export type ParamsOf<Sentence> = Sentence extends (params: infer Params) => string ? Params : never;
