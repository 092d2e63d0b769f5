import { type AlfaError, createClient } from '@alfa-cloud/client';
import type { Client } from '@alfa-cloud/client/types';
import { language } from '../words/language.ts';
import { ApiError } from './api-error.ts';
import { authorization, credentials, forgetCredentials } from './session.ts';

/**
 * Follows something with the credentials of this tab until it ends or `signal` is aborted. Refused credentials end the session, unless this tab has others by now.
 * @param events of a client with these credentials
 * @param timeoutMs of one question where streams do not arrive; default 20,000
 * @throws ApiError when it is refused
 */
export const follow = async <Event>(
  events: (client: Client) => AsyncIterable<Event>,
  onEvent: (event: Event) => void,
  signal: AbortSignal,
  timeoutMs = 20_000,
): Promise<void> => {
  const allowed = authorization();
  const { login, password } = credentials.value ?? { login: '', password: '' };
  const client = createClient({ login, password, language: language.value, timeoutMs });
  try {
    for await (const event of events(client)) {
      // What came with the last piece of a stream is not told to somebody who has left.
      if (signal.aborted) return;
      onEvent(event);
    }
  } catch (error) {
    if (signal.aborted) return;
    if (!isAlfaError(error)) throw error;
    if (error.status === 401 && authorization() === allowed) forgetCredentials();
    throw new ApiError(error.status, error.faults, error.requestId);
  }
};

const isAlfaError = (error: unknown): error is AlfaError =>
  error instanceof Error && error.name === 'AlfaError';
