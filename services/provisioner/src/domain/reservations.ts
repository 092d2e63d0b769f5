import { deriveId, streams, type ReservationEvent, type ReservationScope } from '@alfa-cloud/contracts';
import { fold, handleCommand, type Cause, type Decider, type EventStore } from '@alfa-cloud/event-sourcing';

/** Who holds a name that is unique over all of its scope; null when nobody does. */
export type Holder = string | null;

interface Reserve {
  kind: 'reserve' | 'release';
  scope: ReservationScope;
  name: string;
  holderId: string;
}

/** A name goes to who asks first, and back only by its holder. Asking for what one holds already has no effect. */
export const reservationDecider: Decider<Holder, Reserve, ReservationEvent> = {
  initialState: () => null,
  evolve: (_holder, event) => (event.type === 'NameReserved' ? event.data.holderId : null),
  decide: ({ kind, scope, name, holderId }, holder) => {
    const data = { scope, name, holderId };
    if (kind === 'reserve') return holder === null ? [{ type: 'NameReserved', data }] : [];
    return holder === holderId ? [{ type: 'NameReleased', data }] : [];
  },
};

export interface Reservation {
  scope: ReservationScope;
  name: string;
  holderId: string;
}

/** Who holds the name now. */
export const holderOf = async (
  store: EventStore,
  { scope, name }: Pick<Reservation, 'scope' | 'name'>,
): Promise<Holder> => {
  const { events } = await store.read<ReservationEvent>(streams.reservation(scope, name));
  return fold(reservationDecider, events);
};

/** Reserves the name unless it is held. Answers who holds it then: the one asked for, or somebody who was first. */
export const reserve = (store: EventStore, reservation: Reservation, cause: Cause): Promise<Holder> =>
  decide(store, reservation, 'reserve', cause);

/** Gives the name back. No-op when it is not held by this holder. */
export const release = async (store: EventStore, reservation: Reservation, cause: Cause): Promise<void> => {
  await decide(store, reservation, 'release', cause);
};

const decide = async (
  store: EventStore,
  { scope, name, holderId }: Reservation,
  kind: Reserve['kind'],
  cause: Cause,
): Promise<Holder> => {
  const { state } = await handleCommand(store, {
    stream: streams.reservation(scope, name),
    decider: reservationDecider,
    command: { kind, scope, name, holderId },
    cause,
    // By the command, too: a name that was given back may be taken again by the same holder.
    eventIds: (index) => deriveId(holderId, kind, scope, cause.commandId, index),
  });
  return state;
};
