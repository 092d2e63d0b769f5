import type * as calls from './call-types.ts';
import type * as types from './client-types.ts';
import { waiterWith } from './operations.ts';
import { createRequest, createWire } from './requests.ts';
import { containerLogFollower, feedFollower, logFollower } from './streams.ts';
import type { Request } from './wire-types.ts';

export { AlfaError } from './alfa-error.ts';
export type * from './call-types.ts';
export type * from './client-types.ts';

/** Longest wait for an answer, ms. */
const patienceMs = 30_000;

/** Makes a client. Nothing is sent before its first call. */
export const createClient: typeof types.createClient = (options) => {
  const wire = createWire(options);
  const patience = options.timeoutMs ?? patienceMs;
  const request = createRequest(wire, patience);
  return {
    ...callsOf(request),
    request,
    waitForOperation: waiterWith(request, patience),
    followLog: logFollower(wire, request),
    followContainerLog: containerLogFollower(wire, request),
    followEvents: feedFollower(wire, request),
  };
};

/** The types of a path are those that the description of the API gives it. */
const callsOf = (request: Request): Pick<types.Client, 'get' | 'post' | 'patch' | 'delete' | 'all'> => {
  const by = (method: string) => (path: string, asked?: calls.ActionOptions) => request(method, path, asked);
  const [get, post, patch] = [by('GET'), by('POST'), by('PATCH')];
  return { get, post, patch, delete: by('DELETE'), all: pagesOf(request) } as never;
};

const pagesOf = (request: Request) =>
  async function* (path: string, asked: calls.RequestOptions = {}): AsyncGenerator {
    for (let number = 1; ; number += 1) {
      const query = { 'page[size]': 100, ...asked.query, 'page[number]': number };
      const { data, links } = await request<unknown[]>('GET', path, { ...asked, query });
      yield* data;
      if (typeof links['next'] !== 'string') return;
    }
  };
