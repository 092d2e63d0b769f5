import { ref, watchEffect } from 'vue';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const storageKey = 'alfa.theme';

const stored = localStorage.getItem(storageKey);
export const theme = ref<Theme>(stored === 'light' || stored === 'dark' ? stored : 'system');

watchEffect(() => {
  const { dataset } = document.documentElement;
  if (theme.value === 'system') delete dataset['theme'];
  else dataset['theme'] = theme.value;
});

export const chooseTheme = (chosen: Theme): void => {
  localStorage.setItem(storageKey, chosen);
  theme.value = chosen;
};
