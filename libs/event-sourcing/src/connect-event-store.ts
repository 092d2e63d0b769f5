import type { AlfaEvent } from '@alfa-cloud/contracts';
import {
  errorMessage,
  retry,
  systemClock,
  withDeadline,
  type Clock,
  type Logger,
} from '@alfa-cloud/service-kit';
import { EventStoreDBClient, jsonEvent, type AppendToStreamOptions } from '@eventstore/db-client';
import { appendCredentials } from './append-credentials.ts';
import { decodeEvent, encodeEvents } from './event-codec.ts';
import { EventStoreUnavailable, WrongRevision, type EventStore, type RecordedEvent } from './event-store.ts';
import { readToEnd } from './read-to-end.ts';
import { errorType, isTransient } from './transient-errors.ts';

export interface EventStoreConnectionOptions {
  /** `esdb://…`; without credentials for an insecure server. */
  connectionString: string;
  logger: Logger;
  /** How long a broken connection is tried again before a call gives up. Default 60 s. */
  patienceMs?: number;
  /** Deadline of one attempt of an append; of a read, longest silence. Default 10 s. */
  attemptMs?: number;
  /** Gives events their time. */
  clock?: Clock;
}

/** A connected {@link EventStore}. Make one for each process: the client library shares its pending appends between all clients. */
export interface EventStoreConnection extends EventStore {
  /** For subscriptions. */
  readonly client: EventStoreDBClient;
  /**
   * Commit position of a stream's newest event, asked once, for at most 1.5 s; null when the stream does not exist.
   * @throws EventStoreUnavailable
   */
  newestPosition(stream: string): Promise<bigint | null>;
  /** Asks the server once, for at most 2 s, without retries. */
  isReachable(): Promise<boolean>;
  close(): Promise<void>;
}

const reachableWithinMs = 2000;
const askedWithinMs = 1500;
/** The client waits for its open calls, which a dead server never ends. */
const closeMs = 3000;

/** Connects lazily: the first call waits for a server that is down. */
export const connectEventStore = (options: EventStoreConnectionOptions): EventStoreConnection => {
  const { connectionString, logger, patienceMs = 60_000, attemptMs = 10_000, clock = systemClock } = options;
  const client = EventStoreDBClient.connectionString(connectionString);
  const credentials = appendCredentials(connectionString);

  const persistently = async <T>(what: string, act: () => Promise<T>): Promise<T> => {
    try {
      return await retry(act, {
        deadlineMs: patienceMs,
        maxDelayMs: 2000,
        isRetryable: isTransient,
        onRetry: (error, attempt, delayMs) =>
          logger.warn({ what, attempt, delayMs, reason: errorMessage(error) }, 'event store does not answer'),
      });
    } catch (error) {
      if (!isTransient(error)) throw error;
      throw new EventStoreUnavailable(`${what}: the event store did not answer for ${patienceMs} ms`, {
        cause: error,
      });
    }
  };

  return {
    client,

    async read<Event extends AlfaEvent>(stream: string, { fromRevision }: { fromRevision?: bigint } = {}) {
      const stored = await persistently(`read ${stream}`, () =>
        readToEnd(client.readStream(stream, fromRevision === undefined ? {} : { fromRevision }), attemptMs),
      );
      const events = stored.map(({ event }) => {
        if (event === undefined) throw new Error(`Stream ${stream} holds a link whose event is gone`);
        const position = event.position?.commit ?? 0n;
        return decodeEvent(event, { stream, revision: event.revision, position }) as RecordedEvent<Event>;
      });
      return { events, revision: events.at(-1)?.revision ?? null };
    },

    async append(stream, events, { expectedRevision, cause }) {
      const stored = encodeEvents(events, cause, clock).map((event) => jsonEvent(event));
      const settings: AppendToStreamOptions = {
        expectedRevision,
        deadline: attemptMs,
        ...(credentials === null ? {} : { credentials }),
      };
      const attempt = () =>
        withDeadline(attemptMs + 1000, `append to ${stream}`, () =>
          client.appendToStream(stream, stored, settings),
        );
      try {
        const { nextExpectedRevision, position } = await persistently(`append to ${stream}`, attempt);
        return { revision: nextExpectedRevision, position: position?.commit ?? 0n };
      } catch (error) {
        if (errorType(error) === 'wrong-expected-version') throw new WrongRevision(stream);
        throw error;
      }
    },

    async newestPosition(stream) {
      const reading = { direction: 'backwards', fromRevision: 'end', maxCount: 1 } as const;
      try {
        const [newest] = await readToEnd(client.readStream(stream, reading), askedWithinMs);
        return newest?.event === undefined ? null : (newest.event.position?.commit ?? 0n);
      } catch (error) {
        throw new EventStoreUnavailable(`${stream}: the event store did not tell its newest event`, {
          cause: error,
        });
      }
    },

    async isReachable() {
      try {
        await readToEnd(
          client.readAll({ direction: 'backwards', fromPosition: 'end', maxCount: 1 }),
          reachableWithinMs,
        );
        return true;
      } catch {
        return false;
      }
    },

    async close() {
      try {
        await withDeadline(closeMs, 'closing the connection', () => client.dispose());
      } catch (error) {
        logger.warn({ err: error }, 'the connection to the event store did not close, leaving it behind');
      }
    },
  };
};
