import { setTimeout as pause } from 'node:timers/promises';

export interface Resource {
  id: string;
  type: string;
  attributes: Record<string, unknown>;
  relationships?: Record<string, { data: { type: string; id: string } | null }>;
  links?: Record<string, string>;
}

export interface Document<Data = Resource> {
  data: Data;
  meta?: Record<string, unknown>;
}

/** A client of the API for scripts: JSON:API over HTTP with Basic credentials. */
export interface Api {
  get<Data = Resource>(path: string): Promise<Document<Data>>;
  post<Data = Resource>(path: string, data: unknown, idempotencyKey: string): Promise<Document<Data>>;
}

const requestDeadlineMs = 30_000;

/** @throws Error with the details of the errors that the API answers */
export const createApi = (options: { url: string; login: string; password: string }): Api => {
  const authorization = `Basic ${Buffer.from(`${options.login}:${options.password}`).toString('base64')}`;
  const call = async <Data>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) => {
    const response = await fetch(`${options.url}${path}`, {
      method,
      headers: { authorization, accept: 'application/vnd.api+json', ...headers },
      signal: AbortSignal.timeout(requestDeadlineMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const document = (await response.json()) as Document<Data> & {
      errors?: { code: string; detail: string }[];
    };
    if (document.errors !== undefined) {
      throw new Error(
        `${method} ${path} answered ${response.status}: ${document.errors.map(({ code, detail }) => `${code}: ${detail}`).join('; ')}`,
      );
    }
    return document;
  };
  return {
    get: (path) => call('GET', path),
    post: (path, data, idempotencyKey) =>
      call(
        'POST',
        path,
        { data },
        { 'content-type': 'application/vnd.api+json', 'idempotency-key': idempotencyKey },
      ),
  };
};

/** Repeats the request until the answer satisfies `done`, for at most `deadlineMs`. */
export const poll = async <T>(
  ask: () => Promise<T>,
  done: (answer: T) => boolean,
  deadlineMs: number,
): Promise<T> => {
  for (const end = performance.now() + deadlineMs; ;) {
    const answer = await ask();
    if (done(answer)) return answer;
    if (performance.now() > end) throw new Error(`No end in sight after ${deadlineMs / 1000} s`);
    await pause(250);
  }
};
