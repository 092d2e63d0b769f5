import { language } from '../words/language.ts';
import { ApiError, type ApiFault } from './api-error.ts';
import { readEvents, type StreamEvent } from './event-stream.ts';
import { authorization, forgetCredentials } from './session.ts';

export interface Following {
  /** Called with what has come; in the order of the stream, nothing twice. */
  onEvents: (events: readonly StreamEvent[]) => void;
  /** False while the stream is away and is to be opened again. */
  onOpen?: (isOpen: boolean) => void;
}

/** Alfa Cloud writes at least every 15 s: a stream that is silent for longer is dead. */
const silenceMsMax = 40_000;

/**
 * Follows a stream of events with the credentials of this tab, through every cut, until it ends or `signal` is aborted.
 * @throws ApiError when it is refused
 */
export const follow = (path: string, { onEvents, onOpen }: Following, signal: AbortSignal): Promise<void> =>
  readEvents(
    { open: (lastId) => open(path, lastId, signal), isPassing, onEvents, onOpen: onOpen ?? ignore, pause },
    signal,
  );

const ignore = (): void => undefined;

const isPassing = (error: unknown): boolean =>
  !(error instanceof ApiError) || error.isAway || error.status === 429 || error.status >= 500;

const open = async (
  path: string,
  lastId: string | null,
  signal: AbortSignal,
): Promise<AsyncIterable<string> | null> => {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), silenceMsMax);
  const allowed = authorization();
  const response = await fetch(path, {
    credentials: 'omit',
    cache: 'no-store',
    headers: {
      Accept: 'text/event-stream',
      'Accept-Language': language.value,
      ...(allowed === null ? {} : { Authorization: allowed }),
      ...(lastId === null ? {} : { 'Last-Event-ID': lastId }),
    },
    signal: AbortSignal.any([signal, silence.signal]),
  });
  if (response.status === 204) return null;
  if (!response.ok || response.body === null) {
    if (response.status === 401 && authorization() === allowed) forgetCredentials();
    const body = (await response.json().catch(() => ({}))) as { errors?: readonly ApiFault[] };
    throw new ApiError(response.status, body.errors ?? [], response.headers.get('X-Request-Id'));
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  return (async function* () {
    try {
      for (;;) {
        const { done, value } = await reader.read();
        clearTimeout(timer);
        if (done) return;
        timer = setTimeout(() => silence.abort(), silenceMsMax);
        yield value;
      }
    } finally {
      clearTimeout(timer);
      await reader.cancel().catch(ignore);
    }
  })();
};

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
