import type { EventStoreConnection, RecordedEvent } from '@alfa-cloud/event-sourcing';
import { decodeEvent } from '../../../../libs/event-sourcing/src/event-codec.ts';
import { backoffMs, errorName, sleep, withDeadline } from '@alfa-cloud/service-kit';
import type { EventSource, EventSubscription } from '../event-source.ts';
import type { Checkpoint } from '../read-models/tables.ts';

type Client = EventStoreConnection['client'];
type Subscription = ReturnType<Client['subscribeToAll']>;
type Resolved = Subscription extends AsyncIterable<infer Event> ? Event : never;
type Options = Parameters<EventSource['subscribe']>[0];

/** Events handed over together at most. */
const batchMax = 1000;
/** Events kept ready while a batch is in work; the server waits beyond that. */
const readAheadMax = 2000;
const answerDeadlineMs = 10_000;
const firstPauseMs = 100;
const maxPauseMs = 5000;

/** Facts about the event store itself begin with `$` and are left out by the server. */
const ownEvents = { filterOn: 'eventType', regex: '^[^$]', checkpointInterval: 1000 } as const;

/** All events of an EventStoreDB, by a catch-up subscription that is made again for as long as it takes. */
export const eventStoreSource = (client: Client): EventSource => ({
  subscribe(options): EventSubscription {
    const stopping = new AbortController();
    const ended = follow(client, options, stopping.signal);
    return {
      async stop() {
        stopping.abort();
        await ended;
      },
    };
  },
});

const follow = async (client: Client, options: Options, signal: AbortSignal): Promise<void> => {
  let checkpoint = options.checkpoint;
  const onBatch = async (events: readonly RecordedEvent[]): Promise<void> => {
    await options.onBatch(events);
    const last = events.at(-1);
    if (last !== undefined) checkpoint = { position: last.position, eventId: last.id };
  };
  for (let failures = 1; !signal.aborted; failures += 1) {
    try {
      if (checkpoint !== null && !(await holds(client, checkpoint))) {
        options.onForeign();
        return;
      }
      const confirmed = () => {
        failures = 0;
      };
      await followOnce(client, { ...options, checkpoint, onBatch, confirmed }, signal);
    } catch (error) {
      if (signal.aborted) return;
      options.onInterrupted(error);
      await sleep(backoffMs(Math.max(1, failures), firstPauseMs, maxPauseMs), signal).catch(() => undefined);
    }
  }
};

/** True when the event store has that very event at that very place. */
const holds = async (client: Client, checkpoint: Checkpoint): Promise<boolean> => {
  const { position, eventId } = checkpoint;
  const found = await withDeadline(answerDeadlineMs, 'looking for the event of the checkpoint', async () => {
    const reading = client.readAll({ fromPosition: { commit: position, prepare: position }, maxCount: 1 });
    for await (const { event } of reading) return event?.id ?? null;
    return null;
  });
  return found === eventId;
};

/** Follows one connection until it breaks. @throws its error */
const followOnce = async (
  client: Client,
  options: Omit<Options, 'onForeign' | 'onInterrupted'> & { confirmed: () => void },
  signal: AbortSignal,
): Promise<void> => {
  const position = options.checkpoint?.position;
  const fromPosition = position === undefined ? 'start' : { commit: position, prepare: position };
  const subscription = client.subscribeToAll(
    { fromPosition, filter: ownEvents },
    { highWaterMark: readAheadMax },
  );
  const inbox = inboxOf(subscription, options);
  signal.addEventListener('abort', inbox.wake);
  try {
    while (!signal.aborted) {
      const events = inbox.take();
      if (events.length > 0) await options.onBatch(events);
      else if (inbox.hasCaughtUp()) options.onCaughtUp();
      else await inbox.more();
    }
  } finally {
    signal.removeEventListener('abort', inbox.wake);
    inbox.close();
    // The connection may be gone already; there is nothing left to end then.
    await subscription.unsubscribe().catch(() => undefined);
  }
};

/** Pulls events from the subscription instead of being pushed at, so a slow reader slows the server down. */
const inboxOf = (
  subscription: Subscription,
  { confirmed, onUnknown }: { confirmed: () => void; onUnknown: (error: unknown) => void },
) => {
  let failure: unknown = null;
  let caughtUp = false;
  let wake = (): void => undefined;
  const fail = (error: unknown) => {
    failure ??= error;
    wake();
  };
  const silence = setTimeout(
    () => fail(new Error(`The event store did not confirm the subscription within ${answerDeadlineMs} ms`)),
    answerDeadlineMs,
  );
  subscription.on('confirmation', () => {
    clearTimeout(silence);
    confirmed();
  });
  subscription.on('readable', () => wake());
  subscription.on('caughtUp', () => {
    caughtUp = true;
    wake();
  });
  subscription.on('error', fail);
  subscription.on('end', () => fail(new Error('The event store ended the subscription')));
  subscription.on('close', () => fail(new Error('The connection to the event store was closed')));

  return {
    wake: () => wake(),
    /** What stands ready. Unknown events are left out: a newer version may have written them. */
    take(): RecordedEvent[] {
      const events: RecordedEvent[] = [];
      while (events.length < batchMax) {
        const resolved = subscription.read() as Resolved | null;
        if (resolved === null) break;
        const event = decoded(resolved, onUnknown);
        if (event !== null) events.push(event);
      }
      return events;
    },
    /** True once for each time that the end was reached and all before it has been taken. */
    hasCaughtUp(): boolean {
      const was = caughtUp;
      caughtUp = false;
      return was;
    },
    /** Resolves when there may be more to take. @throws when the subscription has failed */
    async more(): Promise<void> {
      if (failure !== null) throw failure;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    },
    close: () => clearTimeout(silence),
  };
};

/** @returns null for an event of a type that this version does not know */
const decoded = ({ event }: Resolved, onUnknown: (error: unknown) => void): RecordedEvent | null => {
  if (event === undefined) return null;
  try {
    return decodeEvent(event, {
      stream: event.streamId,
      revision: event.revision,
      position: event.position.commit,
    });
  } catch (error) {
    if (errorName(error) !== 'UnknownEvent') throw error;
    onUnknown(error);
    return null;
  }
};
