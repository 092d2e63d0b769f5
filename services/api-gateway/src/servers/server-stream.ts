import type { ServerResponse } from 'node:http';
import { isRejection, type Language, type ServerView } from '@alfa-cloud/contracts';
import { endMark, openEventStream } from '../http/event-stream.ts';
import { isPassing, type Nudges } from '../operations/operation-watch.ts';
import { presentServer } from './present-server.ts';

/** The server is looked at after so long even when no nudge came: its health turns unknown without an event. */
const lookAgainMs = 15_000;
/** Looks that may fail one after the other before the stream ends; its reader then comes back. */
const failuresMax = 12;

export interface ServerStreamOptions {
  /** Listened to since before `first` was read, so that no change falls between; stopped when the stream ends. */
  nudges: Nudges;
  /** The server as it is, already read: faults have been answered as such. */
  first: ServerView;
  read: (signal: AbortSignal) => Promise<ServerView>;
  /** Of the words in it. */
  language: Language;
  response: ServerResponse;
  /** Aborted when the reader has gone or the gateway stops. */
  signal: AbortSignal;
}

/**
 * Writes a server as server-sent events, at once and whenever it has changed, until it is removed. Each event carries the whole resource, so a
 * reader that comes back has missed nothing.
 */
export const streamServer = async (options: ServerStreamOptions): Promise<void> => {
  const { response, signal, nudges, language } = options;
  try {
    const events = await openEventStream(response, signal);
    let server: ServerView | null = options.first;
    let shown = '';
    let number = 0;
    for (let failures = 0; ;) {
      if (server !== null && changing(server) !== shown) {
        shown = changing(server);
        number += 1;
        await events.send({ name: 'server', id: String(number), data: presentServer(server, language) });
      }
      await nudges.next(lookAgainMs, signal);
      await events.keepAlive();
      try {
        server = await options.read(signal);
        failures = 0;
      } catch (error) {
        if (isGone(error)) {
          await events.send({ name: 'end', id: `${number}${endMark}`, data: {} });
          return;
        }
        failures += 1;
        if (!isPassing(error) || failures >= failuresMax) throw error;
        server = null;
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    nudges.stop();
    response.end();
  }
};

/** When it was looked at last changes all the time and is no news. */
const changing = (server: ServerView): string => JSON.stringify({ ...server, healthCheckedAt: null });

const isGone = (error: unknown): boolean =>
  isRejection(error) && error.faults.every(({ code }) => code === 'gone' || code === 'not_found');
