import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { eventStreamMediaType } from './media-types.ts';

/** Pause before a reader comes back, told to it as `retry`. */
const reconnectMs = 2000;

/** Mark on the id of the last event: a client that reconnects with it has received everything. */
export const endMark = '.end';

export interface StreamEvent {
  name: string;
  /** What a reader that was cut off after it comes back with. */
  id: string;
  data: unknown;
}

/** An answer of server-sent events. */
export interface EventStream {
  /** Writes events in one go. */
  send(...events: readonly StreamEvent[]): Promise<void>;
  /**
   * Writes a comment when nothing was written for a while.
   * @param id what a reader that is cut off after it comes back with; default: the id of the last event
   */
  keepAlive(id?: string): Promise<void>;
  /** How long nothing was written, in milliseconds. */
  quietMs(): number;
}

export interface EventStreamTimes {
  /** A comment goes out after so long without an event, so that no proxy takes the stream for dead. Default 15 s. */
  heartbeatMs?: number;
  /** A reader that takes nothing for so long is cut off; it comes back with `Last-Event-ID`. Default 30 s. */
  drainMs?: number;
}

/** A reader took nothing for too long. */
export class SlowReader extends Error {
  override readonly name = 'SlowReader';
}

/**
 * Begins an answer of server-sent events. The caller ends the response.
 * @param signal aborted when the reader has gone or the gateway stops: writes then reject
 * @throws SlowReader from a write, see {@link EventStreamTimes}
 */
export const openEventStream = async (
  response: ServerResponse,
  signal: AbortSignal,
  { heartbeatMs = 15_000, drainMs = 30_000 }: EventStreamTimes = {},
): Promise<EventStream> => {
  let lastWrite = performance.now();
  const write = async (text: string): Promise<void> => {
    lastWrite = performance.now();
    if (response.write(text)) return;
    const late = AbortSignal.timeout(drainMs);
    try {
      await once(response, 'drain', { signal: AbortSignal.any([signal, late]) });
    } catch (error) {
      if (late.aborted && !signal.aborted) throw new SlowReader(`Nothing was taken for ${drainMs} ms`);
      throw error;
    }
  };
  response.writeHead(200, {
    'Content-Type': `${eventStreamMediaType}; charset=utf-8`,
    'X-Accel-Buffering': 'no',
  });
  await write(`retry: ${reconnectMs}\n\n`);
  return {
    async send(...events) {
      if (events.length > 0) await write(events.map(toText).join(''));
    },
    async keepAlive(id) {
      if (performance.now() - lastWrite < heartbeatMs) return;
      await write(`: still here\n${id === undefined ? '' : `id: ${id}\n`}\n`);
    },
    quietMs: () => performance.now() - lastWrite,
  };
};

/** JSON holds no line break, so one `data` line is enough. */
export const toText = ({ name, id, data }: StreamEvent): string =>
  `event: ${name}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;

/**
 * What `Last-Event-ID` says.
 * @param cursorPattern form of the stream's cursors
 * @returns null when it is not an id of such a stream
 */
export const readLastEventId = (
  id: string,
  cursorPattern: string,
): { cursor: string | null; ended: boolean } | null => {
  const ended = id.endsWith(endMark);
  const cursor = ended ? id.slice(0, -endMark.length) : id;
  if (cursor !== '' && !new RegExp(cursorPattern).test(cursor)) return null;
  return { cursor: cursor === '' ? null : cursor, ended };
};

/** Counts the streams of one kind that are open, so that their number stays bounded. */
export interface StreamSlots {
  /** Takes one; null when all are taken. The function given frees it, once. */
  take(): (() => void) | null;
}

export const createStreamSlots = (max: number): StreamSlots => {
  let open = 0;
  return {
    take() {
      if (open >= max) return null;
      open += 1;
      let held = true;
      return () => {
        if (held) open -= 1;
        held = false;
      };
    },
  };
};
