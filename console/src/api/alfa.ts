import { type ActionOptions, type Answer, type Client, createClient } from '@alfa-cloud/client';
import { computed } from 'vue';
import { language } from '../words/language.ts';
import { noteAnswer } from './contact.ts';
import { areCredentialsRefused } from './faults.ts';
import { credentials, type Credentials, forgetCredentials } from './session.ts';

/** Values of query parameters; undefined and empty ones are left out. */
export type Parameters = Readonly<Record<string, string | number | boolean | undefined>>;

/** What is sent with a request, beside its parameters. */
export type Sent = Omit<ActionOptions, 'query' | 'include' | 'fields'> & { parameters?: Parameters };

/** Longest wait for an answer. */
const timeoutMs = 20_000;

/** A client whose answers come in the language of the moment, so that it need not be made anew for another one. */
const clientOf = ({ login, password }: Credentials): Client =>
  createClient({
    login,
    password,
    timeoutMs,
    fetch: (address, init) =>
      fetch(address, {
        ...init,
        headers: { ...(init?.headers as Record<string, string>), 'accept-language': language.value },
      }),
  });

/** One for all that this tab asks: what it reads is at least as new as what the feed has told it, whichever gateway answers. */
const client = computed(() => clientOf(credentials.value ?? { login: '', password: '' }));

/** @throws AlfaError, `credentials_required` where these are not the credentials */
export const tryCredentials = async (tried: Credentials): Promise<void> => {
  await clientOf(tried).get('/operations', { query: { 'page[size]': 1 } });
};

/** Refused credentials end the session, unless this tab has others by now: the password was changed meanwhile. */
const inSession = async <Told>(use: (with_: Client) => Promise<Told>): Promise<Told> => {
  const used = credentials.value;
  try {
    return await use(client.value);
  } catch (error) {
    if (areCredentialsRefused(error) && credentials.value === used) forgetCredentials();
    throw error;
  }
};

/**
 * Sends a request with the credentials of this tab.
 * @throws AlfaError, or the reason of the signal
 */
export const send = <Data>(
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
  path: string,
  { parameters = {}, ...sent }: Sent = {},
): Promise<Answer<Data>> =>
  inSession(async (alfa) => {
    const askedAt = Date.now();
    const query = Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== ''));
    const answer = await alfa.request<Data>(method, path, { ...sent, query });
    if (answer.meta['stale'] !== true) noteAnswer(askedAt);
    return answer;
  });

/**
 * Follows something with the credentials of this tab until it ends or `signal` is aborted.
 * @param events of a client with these credentials
 * @throws AlfaError when it is refused
 */
export const follow = async <Event>(
  events: (client: Client) => AsyncIterable<Event>,
  onEvent: (event: Event) => void,
  signal: AbortSignal,
): Promise<void> => {
  try {
    await inSession(async (alfa) => {
      for await (const event of events(alfa)) {
        // What came with the last piece of a stream is not told to somebody who has left.
        if (signal.aborted) return;
        onEvent(event);
      }
    });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
};
