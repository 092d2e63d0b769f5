import { computed, ref } from 'vue';

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
const credentials = ref<Credentials | null>(stored());

export const isSignedIn = computed(() => credentials.value !== null);
export const signedInAs = computed(() => credentials.value?.login ?? '');

const encoded = ({ login, password }: Credentials): string =>
  `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${login}:${password}`)))}`;

/** Value of the header by which requests are let in. */
export const authorization = (): string | null =>
  credentials.value === null ? null : encoded(credentials.value);

export const authorizationOf = (login: string, password: string): string => encoded({ login, password });

export const keepCredentials = (login: string, password: string): void => {
  credentials.value = { login, password };
  sessionStorage.setItem(storageKey, JSON.stringify(credentials.value));
};

export const forgetCredentials = (): void => {
  credentials.value = null;
  sessionStorage.removeItem(storageKey);
};
