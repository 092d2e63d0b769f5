import { computed } from 'vue';
import { catalogue } from '../words/language.ts';
import { kindTitles } from './kind-titles.ts';

const kindWords = catalogue(kindTitles);

/** Kinds of operations to choose from, as the API calls them, in the order of their titles. */
export const kindChoices = computed(() =>
  Object.entries(kindWords.value).toSorted(([, one], [, other]) => one.localeCompare(other)),
);
