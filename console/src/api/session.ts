import { computed, readonly, ref } from 'vue';

const storageKey = 'alfa.session';

export interface Credentials {
  login: string;
  password: string;
}

const stored = (): Credentials | null => {
  const text = sessionStorage.getItem(storageKey);
  return text === null ? null : (JSON.parse(text) as Credentials);
};

/** Kept for this tab only: another tab, and the same after it was closed, asks anew. */
const kept = ref<Credentials | null>(stored());

export const credentials = readonly(kept);

export const isSignedIn = computed(() => kept.value !== null);
export const signedInAs = computed(() => kept.value?.login ?? '');

export const keepCredentials = (given: Credentials): void => {
  kept.value = given;
  sessionStorage.setItem(storageKey, JSON.stringify(given));
};

export const forgetCredentials = (): void => {
  kept.value = null;
  sessionStorage.removeItem(storageKey);
};
