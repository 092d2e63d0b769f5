import type { ServerResponse } from 'node:http';
import { type ContainerLogView, isRejection, patterned } from '@alfa-cloud/contracts';
import { sleep } from '@alfa-cloud/service-kit';
import { endMark, openEventStream } from '../http/event-stream.ts';
import { isPassing } from '../operations/operation-watch.ts';

/** Pause between two reads of the container's output, in milliseconds. */
const lookAgainMs = 700;
/** Longest pause while the container's output can't be read, in milliseconds. */
const lookAgainMaxMs = 10_000;
/** Looks that may fail one after the other before the stream breaks off; its reader then comes back. */
const failuresMax = 12;

/** Most lines of one read. After so many, the next read follows at once. */
export const linesMax = 1000;

/** The time of a line, as Docker writes it. */
export const containerCursorPattern =
  '^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,9})?Z$';
/** Query parameter that holds the time of a line. */
export const ContainerCursor = patterned(
  containerCursorPattern,
  'must be the meta.cursor of an answer before, like "2026-11-22T18:00:00.123456789Z"',
);

export interface ContainerLogStreamOptions {
  /** The first lines, already read: faults have been answered as such. */
  first: ContainerLogView;
  /** Reads at most {@link linesMax} lines after a cursor, the first ones. */
  read: (after: string | null, signal: AbortSignal) => Promise<ContainerLogView>;
  response: ServerResponse;
  /** Aborted when the reader has gone or the gateway stops. */
  signal: AbortSignal;
}

/**
 * Writes a container's output as server-sent events, until the client is there no more.
 * The lines of one read are one event: several lines may have the same time, and a client cut off between them would miss some.
 */
export const streamContainerLog = async (options: ContainerLogStreamOptions): Promise<void> => {
  const { response, signal } = options;
  try {
    const events = await openEventStream(response, signal);
    let cursor: string | null = null;
    let found: ContainerLogView = options.first;
    for (;;) {
      cursor = found.cursor ?? cursor;
      const { lines } = found;
      if (lines.length > 0) await events.send({ name: 'lines', id: cursor ?? '', data: { lines } });
      const pauseMs = lines.length >= linesMax ? 0 : lookAgainMs;
      const next = await lookAgain(cursor, pauseMs, () => events.keepAlive(), options);
      if (next === null) {
        await events.send({ name: 'end', id: `${cursor ?? ''}${endMark}`, data: {} });
        return;
      }
      found = next;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    response.end();
  }
};

/** The next lines; null when the client is there no more. A server that can't be reached is asked again, less and less often. */
const lookAgain = async (
  cursor: string | null,
  pauseMs: number,
  keepAlive: () => Promise<void>,
  { read, signal }: ContainerLogStreamOptions,
): Promise<ContainerLogView | null> => {
  for (let failures = 0; ; failures += 1) {
    await sleep(failures === 0 ? pauseMs : Math.min(lookAgainMs * 2 ** failures, lookAgainMaxMs), signal);
    await keepAlive();
    try {
      return await read(cursor, signal);
    } catch (error) {
      if (isRejection(error) && error.faults.every(({ code }) => code === 'gone' || code === 'not_found')) {
        return null;
      }
      if (!mayPass(error) || failures >= failuresMax) throw error;
    }
  }
};

const mayPass = (error: unknown): boolean =>
  isPassing(error) || (isRejection(error) && error.faults.every(({ code }) => code === 'server_unreachable'));
