import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { finalOperationStatuses, type LogPage } from '@alfa-cloud/contracts';
import { eventStreamMediaType } from '../http/media-types.ts';
import { isPassing, type Nudges } from './operation-watch.ts';

/** A comment goes out after so long without an entry, so that no proxy takes the stream for dead. */
const heartbeatMs = 15_000;
/** The log is looked at after so long even when no nudge came. */
const lookAgainMs = 5000;
/** A reader that takes nothing for so long is cut off; it comes back with `Last-Event-ID`. */
const drainMs = 30_000;
/** Looks that may fail one after the other before the stream ends; its reader then comes back. */
const failuresMax = 12;
/** Pause before a reader comes back, told to it as `retry`. */
const reconnectMs = 2000;

/** Mark on the id of the last event: who comes back with it has seen everything. */
const endMark = '.end';
export const cursorPattern = '^[0-9]{1,20}-[0-9]{1,10}$';

/**
 * What `Last-Event-ID` says.
 * @returns null when it is not an id of such a stream
 */
export const readLastEventId = (id: string): { cursor: string | null; ended: boolean } | null => {
  const ended = id.endsWith(endMark);
  const cursor = ended ? id.slice(0, -endMark.length) : id;
  if (cursor !== '' && !new RegExp(cursorPattern).test(cursor)) return null;
  return { cursor: cursor === '' ? null : cursor, ended };
};

export interface LogStreamOptions {
  /** Listened to since before `first` was read, so that no change falls between; stopped when the stream ends. */
  nudges: Nudges;
  /** The first page, already read: its faults have been answered as such. */
  first: LogPage;
  /** Reads the page after a cursor. */
  read: (after: string | null, signal: AbortSignal) => Promise<LogPage>;
  response: ServerResponse;
  /** Aborted when the reader has gone or the gateway stops. */
  signal: AbortSignal;
}

/**
 * Writes an operation's log as server-sent events until the operation has ended.
 * Content comes only from pages read after the last cursor written, so nothing is missing and nothing comes twice.
 */
export const streamLog = async (options: LogStreamOptions): Promise<void> => {
  const { response, signal, nudges } = options;
  response.writeHead(200, {
    'Content-Type': `${eventStreamMediaType}; charset=utf-8`,
    'X-Accel-Buffering': 'no',
  });
  try {
    await write(response, `retry: ${reconnectMs}\n\n`, signal);
    let page: LogPage | null = options.first;
    let cursor: string | null = null;
    let failures = 0;
    let lastWrite = performance.now();
    for (;;) {
      if (page !== null) {
        if (page.entries.length > 0) {
          await write(
            response,
            page.entries.map((entry) => toEvent('entry', entry.cursor, entry)).join(''),
            signal,
          );
          lastWrite = performance.now();
        }
        cursor = page.cursor ?? cursor;
        if (!page.more && finalOperationStatuses.includes(page.status)) {
          await write(response, toEvent('end', `${cursor ?? ''}${endMark}`, { status: page.status }), signal);
          return;
        }
      }
      if (page?.more !== true) await nudges.next(lookAgainMs, signal);
      if (performance.now() - lastWrite >= heartbeatMs) {
        await write(response, ': still here\n\n', signal);
        lastWrite = performance.now();
      }
      try {
        page = await options.read(cursor, signal);
        failures = 0;
      } catch (error) {
        failures += 1;
        if (!isPassing(error) || failures >= failuresMax) throw error;
        page = null;
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    nudges.stop();
    response.end();
  }
};

/** JSON holds no line break, so one `data` line is enough. */
const toEvent = (name: string, id: string, data: unknown): string =>
  `event: ${name}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;

const write = async (response: ServerResponse, text: string, signal: AbortSignal): Promise<void> => {
  if (response.write(text)) return;
  await once(response, 'drain', { signal: AbortSignal.any([signal, AbortSignal.timeout(drainMs)]) });
};
