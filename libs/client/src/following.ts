import { AlfaError, isAlfaError, notReached } from './alfa-error.ts';
import type * as types from './client-types.ts';
import { pause, pauseAfter } from './pauses.ts';
import type { RawEvent, Wire } from './wire-types.ts';

const pollMs = 2000;
/** Streams in a row of which nothing arrived. After so many something on the way keeps them back, and the same is polled. */
const stallsMax = 2;
const pollsPerTry = 30;

/**
 * Events through every cut.
 * @param poll the same asked once, where streams do not arrive
 */
export async function* follow(
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

const toEvent = (block: string): RawEvent => {
  const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1];
  const data = JSON.parse(field('data') ?? '{}') as Record<string, unknown>;
  return { name: field('event') ?? '', id: field('id') ?? null, data };
};
