import { language } from '../words/language.ts';
import { ApiError, type ApiFault } from './api-error.ts';
import { noteAnswer, readFrom } from './contact.ts';
import { newRequestKey } from './request-key.ts';
import { authorization, forgetCredentials } from './session.ts';

/** A resource as the API answers it. */
export interface Resource<Attributes = Record<string, unknown>> {
  type: string;
  id: string;
  attributes: Attributes;
  relationships?: Record<string, { data: Identity | readonly Identity[] | null } | undefined>;
  links?: Record<string, string>;
}

export interface Identity {
  type: string;
  id: string;
  meta?: Record<string, unknown>;
}

export interface Answer<Data> {
  data: Data;
  included: readonly Resource[];
  meta: Record<string, unknown>;
  status: number;
}

/** Values of query parameters; undefined and empty ones are left out. */
export type Parameters = Readonly<Record<string, string | number | boolean | undefined>>;

const usualDeadlineMs = 20_000;

const addressOf = (path: string, parameters: Parameters): string => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
};

interface Sent {
  method?: string;
  parameters?: Parameters;
  document?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Default 20 s. */
  deadlineMs?: number;
}

/**
 * Sends a request with the credentials of this tab. The browser's own memory of credentials is never used, so that it opens no dialog of its own.
 * @throws ApiError
 */
export const send = async <Data>(path: string, sent: Sent = {}): Promise<Answer<Data>> => {
  const {
    method = 'GET',
    parameters = {},
    document,
    headers = {},
    signal,
    deadlineMs = usualDeadlineMs,
  } = sent;
  const allowed = authorization();
  const position = readFrom();
  const askedAt = Date.now();
  const ends = [AbortSignal.timeout(deadlineMs), ...(signal === undefined ? [] : [signal])];
  let response: Response;
  let body: AnswerDocument<Data> | null;
  try {
    response = await fetch(addressOf(path, parameters), {
      method,
      credentials: 'omit',
      headers: {
        Accept: 'application/vnd.api+json',
        'Accept-Language': language.value,
        ...(allowed === null ? {} : { Authorization: allowed }),
        ...(position === null ? {} : { 'Alfa-Position': position }),
        ...(document === undefined ? {} : { 'Content-Type': 'application/vnd.api+json' }),
        ...headers,
      },
      signal: AbortSignal.any(ends),
      ...(document === undefined ? {} : { body: JSON.stringify(document) }),
    });
    body = response.status === 204 ? null : ((await response.json()) as AnswerDocument<Data>);
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new ApiError(0, [{ code: 'not_reached', title: String(error) }], null);
  }
  if (!response.ok) {
    // The password was changed meanwhile: the sign-in page asks for the new one, unless this tab has it by now.
    if (response.status === 401 && headers['Authorization'] === undefined && authorization() === allowed) {
      forgetCredentials();
    }
    throw new ApiError(response.status, body?.errors ?? [], response.headers.get('X-Request-Id'));
  }
  if (body?.meta?.['stale'] !== true) noteAnswer(askedAt);
  return {
    data: body?.data as Data,
    included: body?.included ?? [],
    meta: body?.meta ?? {},
    status: response.status,
  };
};

interface AnswerDocument<Data> {
  data?: Data;
  included?: readonly Resource[];
  meta?: Record<string, unknown>;
  errors?: readonly ApiFault[];
}

/** Sends a document of one new or changed resource, or acts without one. The key makes a request that is sent again harmless. @throws ApiError */
export const act = <Data = Resource>(
  method: 'POST' | 'PATCH' | 'PUT' | 'DELETE',
  path: string,
  what: {
    parameters?: Parameters;
    type?: string;
    id?: string;
    attributes?: Record<string, unknown>;
    relationships?: Record<string, { data: Identity | null }>;
    key?: string;
    waitSeconds?: number;
  } = {},
): Promise<Answer<Data>> => {
  const { parameters = {}, type, id, attributes, relationships, key = newRequestKey(), waitSeconds } = what;
  return send(path, {
    method,
    parameters,
    ...(waitSeconds === undefined ? {} : { deadlineMs: usualDeadlineMs + waitSeconds * 1000 }),
    headers: {
      'Idempotency-Key': key,
      ...(waitSeconds === undefined ? {} : { Prefer: `wait=${waitSeconds}` }),
    },
    ...(type === undefined
      ? {}
      : {
          document: {
            data: {
              type,
              ...(id && { id }),
              ...(attributes && { attributes }),
              ...(relationships && { relationships }),
            },
          },
        }),
  });
};

/** The id that a relationship to one names. */
export const relatedId = ({ relationships }: Resource<unknown>, name: string): string | null => {
  const data = relationships?.[name]?.data;
  return data === undefined || data === null || 'length' in data ? null : data.id;
};
