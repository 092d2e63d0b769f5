import { defaultLanguage, type Language, languages } from '@alfa-cloud/contracts';
import type { Request } from 'express';

const isLanguage = (name: string): name is Language => (languages as readonly string[]).includes(name);

/** The language of an answer by `Accept-Language`: the one liked best of those that there are; the default one when none is, or none is asked for. */
export const languageOf = (request: Pick<Request, 'headers' | 'acceptsLanguages'>): Language => {
  if (request.headers['accept-language'] === undefined) return defaultLanguage;
  // The default language comes first: it is preferred among those with equal weights.
  const others = languages.filter((language) => language !== defaultLanguage);
  const liked = request.acceptsLanguages([defaultLanguage, ...others]);
  return typeof liked === 'string' && isLanguage(liked) ? liked : defaultLanguage;
};
