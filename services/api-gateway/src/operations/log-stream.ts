import type { ServerResponse } from 'node:http';
import { finalOperationStatuses, type LogPage, patterned } from '@alfa-cloud/contracts';
import { endMark, openEventStream } from '../http/event-stream.ts';
import { isPassing, type Nudges } from './operation-watch.ts';

/** Longest time between two reads of the log, also without a notification, ms. */
const lookAgainMs = 5000;
/** Looks that may fail one after the other before the stream ends; its reader then comes back. */
const failuresMax = 12;

export const cursorPattern = '^[0-9]{1,20}-[0-9]{1,10}$';
/** Query parameter that holds a cursor of a log. */
export const Cursor = patterned(cursorPattern, 'must be the meta.cursor of an answer before, like "8-0"');

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
 * Between them stands how far a transfer is, as often as that is recorded.
 */
export const streamLog = async (options: LogStreamOptions): Promise<void> => {
  const { response, signal, nudges } = options;
  try {
    const events = await openEventStream(response, signal);
    let page: LogPage | null = options.first;
    let cursor: string | null = null;
    let transferAt: string | null = null;
    let failures = 0;
    for (;;) {
      if (page !== null) {
        await events.send(...page.entries.map((data) => ({ name: 'entry', id: data.cursor, data })));
        cursor = page.cursor ?? cursor;
        const { transfer } = page;
        if (transfer !== null && transfer.at !== transferAt) {
          await events.send({ name: 'transfer', id: cursor ?? '', data: transfer });
        }
        transferAt = transfer?.at ?? null;
        if (!page.more && finalOperationStatuses.includes(page.status)) {
          const { status } = page;
          await events.send({ name: 'end', id: `${cursor ?? ''}${endMark}`, data: { status } });
          return;
        }
      }
      if (page?.more !== true) await nudges.next(lookAgainMs, signal);
      await events.keepAlive();
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
