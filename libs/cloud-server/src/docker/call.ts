import { messageInWords, type Message } from '@alfa-cloud/contracts';
import type Docker from 'dockerode';
import { withDeadline } from '@alfa-cloud/service-kit';
import type { CallOptions } from '../call-options.ts';
import { dockerError, statusOf } from './docker-errors.ts';
import type { NamedThing } from './docker-engine.ts';

const callMs = 15_000;

/** Bounds a call and puts what it throws into this package's words; an abort from outside keeps its own reason. */
export const call = async <T>(
  what: Message,
  options: CallOptions | undefined,
  act: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  try {
    return await withDeadline(
      options?.deadlineMs ?? callMs,
      messageInWords('en', what),
      act,
      options?.signal,
    );
  } catch (error) {
    if (options?.signal?.aborted === true) throw error;
    throw dockerError(what, error);
  }
};

/** GET of the API for what dockerode's own methods do not let abort. */
export const getJson = (
  docker: Docker,
  path: string,
  abortSignal: AbortSignal,
  query?: Readonly<Record<string, string>>,
): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const statusCodes = { 200: true, 404: 'no such thing', 500: 'server error' };
    // dockerode puts the query behind a path that ends in a question mark, and takes the last character off one without a query.
    const place = query === undefined ? { path } : { path: `${path}?`, options: { ...query } };
    docker.modem.dial({ ...place, method: 'GET', statusCodes, abortSignal }, (error: unknown, body) => {
      if (error === null || error === undefined) resolve(body);
      else reject(error);
    });
  });

/** Null when the engine answers that there is no such thing. */
export const orNull = async <T>(act: () => Promise<T>): Promise<T | null> => {
  try {
    return await act();
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
};

/** The engine's answer with that status counts as done. */
export const unlessStatus = async (status: number, act: () => Promise<unknown>): Promise<void> => {
  try {
    await act();
  } catch (error) {
    if (statusOf(error) !== status) throw error;
  }
};

export const unlessGone = (act: () => Promise<unknown>): Promise<void> => unlessStatus(404, act);

export const named = (
  name: string,
  labels: Readonly<Record<string, string>> | null | undefined,
): NamedThing => ({ name, labels: labels ?? {} });
