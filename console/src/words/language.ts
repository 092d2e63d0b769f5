import { computed, ref, watchEffect, type ComputedRef } from 'vue';

export type Language = 'ru' | 'en';
export const languages: readonly Language[] = ['ru', 'en'];

const storageKey = 'alfa.language';

const preferred = (): Language => {
  const stored = localStorage.getItem(storageKey);
  if (stored === 'ru' || stored === 'en') return stored;
  return navigator.languages.some((tag) => tag.startsWith('ru')) ? 'ru' : 'en';
};

/** Language of the screens; that of the API's texts as well. */
export const language = ref<Language>(preferred());

watchEffect(() => {
  document.documentElement.lang = language.value;
});

export const chooseLanguage = (chosen: Language): void => {
  localStorage.setItem(storageKey, chosen);
  language.value = chosen;
};

/**
 * Texts of one screen in both languages. Only what the API does not tell stands here.
 * @returns those of the language in use
 */
export const catalogue = <T extends object>(texts: Readonly<Record<Language, T>>): ComputedRef<T> =>
  computed(() => texts[language.value]);

/** Chooses the form of a Russian noun for a number: 1 клиент, 2 клиента, 5 клиентов. */
export const russianPlural = (count: number, one: string, few: string, many: string): string => {
  const form = new Intl.PluralRules('ru').select(count);
  return form === 'one' ? one : form === 'few' ? few : many;
};
