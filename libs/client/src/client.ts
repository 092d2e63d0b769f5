import type * as calls from './call-types.ts';
import type * as types from './client-types.ts';
import type { Asked, Document, LogPage, RawEvent, RawResource, Request, Told, Wire } from './wire-types.ts';

export type * from './call-types.ts';
export type * from './client-types.ts';

const mediaType = 'application/vnd.api+json';
/** Longest wait for an answer, ms. */
const patienceMs = 30_000;
const finalStatuses: readonly string[] = ['ok', 'error', 'cancelled'];
const operationDeadlineMs = 600_000;
/** Longest wait for an operation in one request, s; a proxy in between may end longer ones. */
const waitSecondsMax = 20;
const pollMs = 2000;
const backoffMs = { first: 500, max: 30_000 };
/** A stream is silent for so long only when it is cut: the live feed gives a sign of life every 2 s, logs every 20 s. */
const silenceMs = { feed: 5000, log: 45_000 };
/** Streams in a row of which nothing arrived. After so many something on the way keeps them back, and the same is polled. */
const stallsMax = 2;
const pollsPerTry = 30;

/** Whatever went wrong; see `client-types.ts`. */
export class AlfaError extends Error implements types.AlfaError {
  override readonly name = 'AlfaError';
  readonly code: string;
  readonly status: number;
  readonly faults: readonly types.Fault[];
  readonly retryAfter: number | null;
  readonly requestId: string | null;

  constructor(code: string, text: string, { cause, ...told }: Told = {}) {
    super(text, { cause });
    this.code = code;
    this.status = told.status ?? 0;
    this.faults = told.faults ?? [];
    this.retryAfter = told.retryAfter ?? null;
    this.requestId = told.requestId ?? null;
  }

  get pointers(): string[] {
    return this.faults.map(({ source }) => source?.pointer).filter((pointer) => pointer !== undefined);
  }

  get isPassing(): boolean {
    const { code, status } = this;
    if (code === 'not_reached' || code === 'timeout' || status === 429) return true;
    return status >= 500 && status !== 501;
  }
}

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

const createWire = (options: types.ClientOptions): Wire => {
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

const createRequest =
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

const pagesOf = (request: Request) =>
  async function* (path: string, asked: calls.RequestOptions = {}): AsyncGenerator {
    for (let number = 1; ; number += 1) {
      const query = { 'page[size]': 100, ...asked.query, 'page[number]': number };
      const { data, links } = await request<unknown[]>('GET', path, { ...asked, query });
      yield* data;
      if (typeof links['next'] !== 'string') return;
    }
  };

const waiterWith =
  (request: Request, patienceMs: number): types.Client['waitForOperation'] =>
  async (id, options = {}) => {
    const { deadlineMs = operationDeadlineMs, signal, onChange } = options;
    const end = Date.now() + deadlineMs;
    let shown = '';
    for (let failures = 0; ;) {
      const leftMs = end - Date.now();
      if (leftMs <= 0)
        throw new AlfaError('deadline', `Operation ${id} has not ended after ${deadlineMs} ms`);
      const waitSeconds = Math.max(0, Math.min(shown === '' ? 0 : waitSecondsMax, Math.floor(leftMs / 1000)));
      // An answer that does not come is not waited for beyond the deadline either.
      const timeoutMs = Math.min(patienceMs, Math.ceil(leftMs - waitSeconds * 1000));
      try {
        const asked = { id, timeoutMs, ...(waitSeconds > 0 && { waitSeconds }), signal };
        const { data } = await request<types.Operation>('GET', '/operations/{id}', asked);
        failures = 0;
        const now = JSON.stringify(data);
        if (now !== shown) onChange?.(data);
        shown = now;
        if (finalStatuses.includes(data.status)) return data;
        if (waitSeconds === 0) await pause(Math.min(250, leftMs), signal);
      } catch (error) {
        if (!isAlfaError(error) || !error.isPassing) throw error;
        failures += 1;
        await pause(Math.min(pauseAfter(failures, error), Math.max(0, end - Date.now())), signal);
      }
    }
  };

/** Events of one connection. @throws what ends it */
async function* connection(
  { open, read }: Wire,
  address: string,
  { after, quietMs, signal }: { after: string | null; quietMs: number; signal: AbortSignal | undefined },
): AsyncGenerator<RawEvent, 'end' | 'cut'> {
  const quiet = new AbortController();
  const listen = () =>
    setTimeout(() => quiet.abort(new AlfaError('timeout', 'The stream is silent')), quietMs);
  let timer = listen();
  const either = signal === undefined ? quiet.signal : AbortSignal.any([signal, quiet.signal]);
  try {
    const headers = { accept: 'text/event-stream', ...(after !== null && { 'last-event-id': after }) };
    const response = await open(address, { headers }, either);
    if (response.status === 204) return 'end';
    if (!response.ok) await read(response);
    if (response.body === null) throw new AlfaError('timeout', 'Streams are not passed on');
    const decoder = new TextDecoder();
    const reader = response.body.getReader();
    for (let text = ''; ;) {
      const { done, value } = await reader.read();
      // The time that whoever reads needs for what came is no silence.
      clearTimeout(timer);
      if (done) return 'cut';
      const blocks = (text + decoder.decode(value, { stream: true })).split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) yield toEvent(block);
      timer = listen();
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (quiet.signal.aborted) throw quiet.signal.reason;
    throw isAlfaError(error) ? error : notReached(error);
  } finally {
    clearTimeout(timer);
    quiet.abort();
  }
}

/**
 * Events through every cut.
 * @param poll the same asked once, where streams do not arrive
 */
async function* follow(
  wire: Wire,
  address: string,
  quietMs: number,
  { after = null, signal }: { after?: string | null; signal?: AbortSignal | undefined },
  poll: (after: string | null) => Promise<RawEvent[]>,
): AsyncGenerator<RawEvent | types.Away> {
  let cursor = after;
  /** When something came last: what is shown is as old as that, not as the moment at which the silence was noticed. */
  let heard: Date | null = null;
  let since: Date | null = null;
  for (let failures = 0, stalls = 0, polls = 0; ;) {
    let hasArrived = false;
    let refusal: AlfaError | null = null;
    try {
      if (stalls >= stallsMax) {
        for (const event of await poll(cursor)) {
          cursor = event.id ?? cursor;
          yield event;
          if (event.name === 'end' && 'status' in event.data) return;
        }
        failures = 0;
        heard = new Date();
        since = null;
        polls += 1;
        // A stream is tried now and then: what kept it back may be gone.
        if (polls % pollsPerTry === 0) stalls = stallsMax - 1;
        await pause(pollMs, signal);
        continue;
      }
      const events = connection(wire, address, { after: cursor, quietMs, signal });
      let isPlanned = false;
      try {
        for (let next = await events.next(); ; next = await events.next()) {
          if (next.done === true) {
            if (next.value === 'end') return;
            break;
          }
          hasArrived = true;
          failures = 0;
          stalls = 0;
          heard = new Date();
          since = null;
          const { name, id, data } = next.value;
          cursor = id ?? cursor;
          isPlanned = name === 'end' && data['reason'] === 'time';
          yield next.value;
          if (name === 'end' && 'status' in data) return;
        }
      } finally {
        await events.return('cut');
      }
      if (isPlanned) continue;
    } catch (error) {
      signal?.throwIfAborted();
      if (!isAlfaError(error) || !error.isPassing) throw error;
      refusal = error;
      if (!hasArrived && error.code === 'timeout') stalls += 1;
    }
    failures += 1;
    if (since === null) {
      since = heard ?? new Date();
      yield { name: 'away', cursor, since };
    }
    await pause(pauseAfter(failures, refusal), signal);
  }
}

/** A log, with an event `open` before the first thing that arrives, also after each cut: one that is quiet is told from one that is away. */
async function* followLines<Event>(...followed: Parameters<typeof follow>): AsyncGenerator<Event> {
  let isOpen = false;
  let [, , , { after: cursor = null }] = followed;
  for await (const event of follow(...followed)) {
    if ('id' in event) cursor = event.id ?? cursor;
    // What arrives first is the pause before a reader comes back, which has no cursor of its own.
    if (!isOpen && 'id' in event) yield { cursor: cursor ?? '', name: 'open' } as Event;
    isOpen = 'id' in event;
    if ('since' in event) yield event as Event;
    else if (event.name === 'end' && !('status' in event.data)) return;
    else if (event.name !== '') {
      const told = /^(entry|transfer)$/.test(event.name) ? { [event.name]: event.data } : event.data;
      yield { ...told, ...at(event), name: event.name } as Event;
    }
  }
}

const logFollower = (wire: Wire, request: Request): types.Client['followLog'] => {
  return (id, options = {}) => {
    const path = `/operations/${encodeURIComponent(id)}/log`;
    return followLines(wire, path, silenceMs.log, options, async (after) => {
      const query = { 'page[after]': after ?? undefined };
      const { data, meta } = await request<LogPage>('GET', path, { query, signal: options.signal });
      const isOver = meta['more'] !== true && finalStatuses.includes(data.status);
      return [
        { name: '', id: after, data: {} },
        ...data.entries.map((entry) => ({ name: 'entry', id: entry.cursor, data: { ...entry } })),
        ...(isOver ? [{ name: 'end', id: after, data: { status: data.status } }] : []),
      ];
    });
  };
};

const containerLogFollower = (wire: Wire, request: Request): types.Client['followContainerLog'] => {
  return (id, { tail, ...options } = {}) => {
    const path = `/clients/${encodeURIComponent(id)}/logs`;
    return followLines(wire, addressOf(path, { query: { tail } }), silenceMs.log, options, async (after) => {
      const query = after === null ? { tail } : { 'page[after]': after };
      const { data, meta } = await request<RawEvent['data']>('GET', path, { query, signal: options.signal });
      const cursor = (meta['cursor'] as string | null) ?? after;
      return [{ name: 'lines', id: cursor, data: { lines: data['lines'] } }];
    });
  };
};

const feedFollower = (wire: Wire, request: Request): types.Client['followEvents'] =>
  async function* (options: types.FollowEventsOptions = {}): AsyncGenerator<types.FeedEvent> {
    const { types: wanted, clientId, serverId, signal, timeoutMs } = options;
    const [path, query] = ['/events/stream', { types: wanted, clientId, serverId }];
    let isOpen = false;
    const poll = async (from: string | null): Promise<RawEvent[]> => {
      const after = { ...query, 'page[after]': from ?? undefined };
      const { meta } = await request('GET', path, { query: after, signal, timeoutMs });
      const { cursor, reset, changes } = meta as { cursor: string; reset: string | null; changes: unknown[] };
      return [
        ...(isOpen || reset !== null ? [] : [{ name: 'open', id: from ?? cursor, data: {} }]),
        ...(reset === null ? [] : [{ name: 'reset', id: cursor, data: { reason: reset } }]),
        { name: changes.length === 0 ? '' : 'changes', id: cursor, data: { changes } },
      ];
    };
    for await (const event of follow(wire, addressOf(path, { query }), silenceMs.feed, options, poll)) {
      isOpen = !('since' in event) && (isOpen || event.name === 'open' || event.name === 'reset');
      // What is read because of it shall not be older, whichever gateway answers: what came before the cursor is not told again.
      // After a reset the event store may be another one, that has not come to the position of before for long.
      if ('id' in event) wire.note(at(event).cursor.split('-')[1] ?? null, event.name === 'reset');
      if ('since' in event) yield event;
      else if (['open', 'changes', 'observed', 'reset'].includes(event.name)) {
        yield { ...event.data, ...at(event), name: event.name } as types.FeedEvent;
      }
    }
  };

const at = ({ id }: RawEvent): { cursor: string } => ({ cursor: id ?? '' });

const toEvent = (block: string): RawEvent => {
  const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1];
  const data = JSON.parse(field('data') ?? '{}') as Record<string, unknown>;
  return { name: field('event') ?? '', id: field('id') ?? null, data };
};

const addressOf = (path: string, { id, query, include, fields }: Asked): string => {
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

/** The data of a document as plain objects. */
const plain = ({ data, included = [] }: Document): unknown => {
  if (data === undefined || data === null) return null;
  const known = new Map(included.map((one) => [`${one.type} ${one.id}`, flat(one)]));
  const led = (to: calls.Reference): unknown => known.get(`${to.type} ${to.id}`) ?? to;
  const primary = ([data].flat() as RawResource[]).map((one) => flat(one, led));
  return Array.isArray(data) ? primary : primary[0];
};

/**
 * A resource as one object. Only what was included is led to, and leads no further: a client and its copy on one page would else lead to each other,
 * and what goes in circles can neither be printed nor compared.
 */
const flat = (raw: RawResource, led: (to: calls.Reference) => unknown = (to) => to): unknown => {
  const { attributes, relationships = {}, ...resource } = raw;
  const leadsTo: Record<string, unknown> = {};
  for (const [name, { data: to, meta }] of Object.entries(relationships)) {
    if (to === null || Array.isArray(to)) leadsTo[name] = to?.map((one) => led(one)) ?? null;
    else if (to !== undefined) leadsTo[name] = led(meta === undefined ? to : { ...to, meta });
  }
  return { ...attributes, ...resource, ...leadsTo };
};

/** By name: a page may hold two copies of this file. */
const isAlfaError = (error: unknown): error is AlfaError =>
  error instanceof Error && error.name === 'AlfaError';

const notReached = (cause: unknown) =>
  new AlfaError('not_reached', 'Alfa Cloud can not be reached', { cause });

/** Half of it is chance: many that were cut off at the same time do not come back at the same time. */
const pauseAfter = (failures: number, error: AlfaError | null): number => {
  const longest = Math.min(backoffMs.max, backoffMs.first * 2 ** (failures - 1));
  return Math.max((error?.retryAfter ?? 0) * 1000, longest * (0.5 + Math.random() / 2));
};

const pause = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });

/** 128 random bits. `crypto.randomUUID` is there for pages that came over https or from the machine itself alone. */
const newKey = (): string => crypto.getRandomValues(new Uint8Array(16)).join('-');

const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
