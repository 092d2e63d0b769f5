import { AlfaError, isAlfaError, notReached } from './alfa-error.ts';
import type * as calls from './call-types.ts';
import type * as types from './client-types.ts';
import { plain } from './documents.ts';
import type { Asked, Document, Request, Wire } from './wire-types.ts';

const mediaType = 'application/vnd.api+json';

/** Carries the credentials, the language and the newest position that was told. */
export const createWire = (options: types.ClientOptions): Wire => {
  const { url = '', login, password, language } = options;
  const send = options.fetch ?? ((...sent: Parameters<typeof fetch>) => fetch(...sent));
  const authorization = `Basic ${base64(`${login}:${password}`)}`;
  /** Newest position that an answer carried: what is read later is at least as new, whichever gateway answers. */
  let newest: string | null = null;

  const note = (position: string | null, isAnew = false): void => {
    if (position !== null && (isAnew || BigInt(position) > BigInt(newest ?? -1))) newest = position;
  };

  const open = async (address: string, init: RequestInit, signal: AbortSignal): Promise<Response> => {
    try {
      return await send(url + address, {
        ...init,
        // The browser's own memory of passwords, and its dialog for them, stay out of it.
        credentials: 'omit',
        cache: 'no-store',
        signal,
        headers: {
          accept: mediaType,
          authorization,
          ...(language === undefined ? {} : { 'accept-language': language }),
          ...(newest === null ? {} : { 'alfa-position': newest }),
          ...(init.headers as Record<string, string> | undefined),
        },
      });
    } catch (error) {
      throw signal.aborted ? signal.reason : notReached(error);
    }
  };

  const read = async (response: Response): Promise<Document> => {
    const text = await response.text();
    let document: Document | null = null;
    try {
      document = text === '' ? {} : (JSON.parse(text) as Document);
    } catch {
      // Told below: a page of a proxy, or half an answer.
    }
    note(response.headers.get('alfa-position'));
    if (response.ok && document !== null) return document;
    const { status } = response;
    const after = Number(response.headers.get('retry-after') ?? NaN);
    const retryAfter = Number.isFinite(after) ? after : null;
    const requestId = response.headers.get('x-request-id');
    const faults = document?.errors ?? [];
    const says = faults[0]?.detail ?? faults[0]?.title ?? `Answered ${status} without a document`;
    throw new AlfaError(faults[0]?.code ?? 'not_understood', says, { status, faults, retryAfter, requestId });
  };
  return { open, read, note };
};

/** Asks once; the reason of a signal of the caller is thrown as it is. */
export const createRequest =
  ({ open, read }: Wire, patienceMs: number): Request =>
  async (method, path, asked = {}) => {
    const { type = path.split('/')[1] ?? '', attributes, relationships, waitSeconds, idempotencyKey } = asked;
    const late = AbortSignal.timeout((asked.timeoutMs ?? patienceMs) + (waitSeconds ?? 0) * 1000);
    const signal = asked.signal === undefined ? late : AbortSignal.any([asked.signal, late]);
    const hasBody = attributes !== undefined || relationships !== undefined;
    const data = {
      type,
      ...(method === 'PATCH' && asked.id !== undefined && { id: asked.id }),
      ...(attributes && { attributes }),
      ...(relationships && {
        relationships: Object.fromEntries(
          Object.entries(relationships).map(([name, to]) => [name, { data: to }]),
        ),
      }),
    };
    try {
      const init = {
        method,
        headers: {
          ...(method === 'GET' ? {} : { 'idempotency-key': idempotencyKey ?? newKey() }),
          ...(hasBody && { 'content-type': mediaType }),
          ...(waitSeconds === undefined ? {} : { prefer: `wait=${waitSeconds}` }),
        },
        ...(hasBody && { body: JSON.stringify({ data }) }),
      };
      const response = await open(addressOf(path, asked), init, signal);
      const document = await read(response);
      const { meta = {}, links = {} } = document;
      return { status: response.status, data: plain(document) as never, meta, links };
    } catch (error) {
      asked.signal?.throwIfAborted();
      if (late.aborted)
        throw new AlfaError('timeout', `${method} ${path} was not answered in time`, { cause: error });
      throw isAlfaError(error) ? error : notReached(error);
    }
  };

/** A path with its id and its parameters. */
export const addressOf = (path: string, { id, query, include, fields }: Asked): string => {
  const parameters = new URLSearchParams();
  const all: calls.RequestOptions['query'] = { ...query };
  if (include !== undefined) all['include'] = include;
  for (const [type, names] of Object.entries(fields ?? {})) all[`fields[${type}]`] = names;
  for (const [name, value] of Object.entries(all)) {
    if (value !== undefined) parameters.set(name, Array.isArray(value) ? value.join(',') : String(value));
  }
  const text = parameters.size === 0 ? '' : `?${String(parameters)}`;
  return path.replace('{id}', encodeURIComponent(id ?? '{id}')) + text;
};

/** 128 random bits. `crypto.randomUUID` is there for pages that came over https or from the machine itself alone. */
const newKey = (): string => crypto.getRandomValues(new Uint8Array(16)).join('-');

const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
