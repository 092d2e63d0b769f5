import { computed, readonly, ref } from 'vue';

const storageKey = 'alfa.session';

interface Credentials {
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

const encoded = ({ login, password }: Credentials): string =>
  `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${login}:${password}`)))}`;

/** Value of the header by which requests are let in. */
export const authorization = (): string | null => (kept.value === null ? null : encoded(kept.value));

export const authorizationOf = (login: string, password: string): string => encoded({ login, password });

export const keepCredentials = (login: string, password: string): void => {
  kept.value = { login, password };
  sessionStorage.setItem(storageKey, JSON.stringify(kept.value));
};

export const forgetCredentials = (): void => {
  kept.value = null;
  sessionStorage.removeItem(storageKey);
};
