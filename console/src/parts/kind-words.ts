import { catalogue } from '../words/language.ts';
import { kindTitles } from './kind-titles.ts';

/** Kinds of operations to choose from, as the API calls them. */
export const kindWords = catalogue(kindTitles);
