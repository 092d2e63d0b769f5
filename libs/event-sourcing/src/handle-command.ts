import type { AlfaEvent } from '@alfa-cloud/contracts';
import { errorName } from '@alfa-cloud/service-kit';
import { fold, type Decider } from './decider.ts';
import type { EventIds } from './event-ids.ts';
import type { Cause, EventStore, RecordedEvent } from './event-store.ts';

/** Most times that one command is decided anew because somebody else wrote to the stream first. */
const maxConflicts = 5;

export interface CommandHandling<State, Command, Event extends AlfaEvent> {
  stream: string;
  decider: Decider<State, Command, Event>;
  command: Command;
  cause: Cause;
  /** Other ids for every decision that one cause takes on a stream: equal ids mean "handled before". See {@link eventIdsFor}. */
  eventIds: EventIds;
}

export interface Handled<State, Event> {
  /** State after the events. */
  state: State;
  /** What the command brought about, now or when it was handled before. */
  events: Event[];
  /** Commit position by which a query sees all that the decision saw and did; 0 when there is no event at all. */
  position: bigint;
  /** Last revision of the stream; null when it has no event. */
  revision: bigint | null;
}

/**
 * Reads a stream, folds it, decides and appends, all against one revision; decides anew when somebody else was first.
 * A command whose events stand in the stream already is not decided again: its events are answered.
 * @throws Rejection as `decide` does · WrongRevision after too many conflicts · EventStoreUnavailable
 */
export const handleCommand = async <State, Command, Event extends AlfaEvent>(
  store: EventStore,
  { stream, decider, command, cause, eventIds }: CommandHandling<State, Command, Event>,
): Promise<Handled<State, Event>> => {
  for (let conflicts = 0; ; conflicts += 1) {
    const { events: history, revision } = await store.read<Event>(stream);
    const state = fold(decider, history);
    const position = history.at(-1)?.position ?? 0n;
    const known = alreadyWritten(history, eventIds);
    if (known.length > 0) return { state, events: known, position, revision };
    const events = decider.decide(command, state);
    if (events.length === 0) return { state, events, position, revision };
    try {
      const appended = await store.append(
        stream,
        events.map((event, index) => ({ id: eventIds(index), event })),
        { expectedRevision: revision ?? 'no_stream', cause },
      );
      return {
        ...appended,
        events,
        state: events.reduce((before, event) => decider.evolve(before, event), state),
      };
    } catch (error) {
      if (errorName(error) !== 'WrongRevision' || conflicts >= maxConflicts) throw error;
    }
  }
};

const alreadyWritten = <Event extends AlfaEvent>(
  history: readonly RecordedEvent<Event>[],
  ids: EventIds,
): RecordedEvent<Event>[] => {
  const firstId = ids(0);
  const first = history.findIndex(({ id }) => id === firstId);
  return first < 0 ? [] : history.slice(first).filter((event, index) => event.id === ids(index));
};
