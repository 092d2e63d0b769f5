import { isRejection, newId, streams, type Fault, type PlacementEvent } from '@alfa-cloud/contracts';
import type { Cause, EventStore } from '@alfa-cloud/event-sourcing';
import { errorName, KeyedSemaphore, retry } from '@alfa-cloud/service-kit';
import {
  foldPlaces,
  placesDecider,
  type PlacesCommand,
  type PlacesState,
  type PlaceWish,
} from './places-state.ts';

/**
 * Places on servers, each decided on by the revision of its server's stream: of several provisioners that fill one server, together no more
 * get in than there is room for. All but the questions are safe to repeat.
 */
export interface Places {
  /**
   * Gives a client a place, unless it has one there.
   * @returns null, or what speaks against it: `server_full`, `server_unknown` after the server's removal
   * @throws Rejection `unavailable` when those who lived there before this was kept in events can't be counted now
   */
  reservePlace(wish: PlaceWish, cause: Cause): Promise<Fault | null>;
  /** Takes it back, once the client's end on the server is recorded. No-op when it has none. */
  freePlace(place: { serverId: string; clientId: string }, cause: Cause): Promise<void>;
  /** Who has a place now. @throws Rejection `unavailable` as {@link reservePlace} */
  clientsOn(serverId: string, cause: Cause): Promise<ReadonlySet<string>>;
  /** The same as far as it is known without counting anybody; null: not counted yet. */
  knownOn(serverId: string): Promise<ReadonlySet<string> | null>;
  /** Opens the places of a server on which nobody lives yet, so that nobody has to be counted. */
  openForNew(serverId: string, cause: Cause): Promise<void>;
  /** Lets nobody in any more, if nobody has a place. @returns how many have one */
  close(serverId: string, cause: Cause): Promise<number>;
  /** Takes {@link close} back. */
  reopen(serverId: string, cause: Cause): Promise<void>;
}

/**
 * Clients that live on a server, or are being created there, by read models that have come to a position.
 * @throws Rejection `unavailable` when they have not
 */
export type CountClients = (serverId: string, from: bigint) => Promise<readonly string[]>;

/** What a process remembers of a server's stream. */
interface Remembered {
  state: PlacesState;
  /** Null: there is no event. */
  revision: bigint | null;
  position: bigint;
}

/** Servers remembered at most; of more the one that was asked for longest ago is read from its first event again. */
const rememberedMax = 2000;
/** Provisioners that fill one server at once write to one stream: each conflict means that one of them got through. */
const contention = { deadlineMs: 30_000, firstDelayMs: 20, maxDelayMs: 500 } as const;

/**
 * A stream is folded once and from then on goes on where it ended last time: what is remembered may be behind, but then the expected revision
 * refuses the decision and it is taken anew.
 */
export const createPlaces = ({ store, count }: { store: EventStore; count: CountClients }): Places => {
  const remembered = new Map<string, Remembered>();
  const turns = new KeyedSemaphore(1);

  const remember = (serverId: string, known: Remembered): Remembered => {
    remembered.delete(serverId);
    remembered.set(serverId, known);
    const [oldest] = remembered.keys();
    if (remembered.size > rememberedMax && oldest !== undefined) remembered.delete(oldest);
    return known;
  };

  const load = async (serverId: string): Promise<Remembered> => {
    const before = remembered.get(serverId);
    const { state, revision, position } = before ?? {
      state: placesDecider(serverId).initialState(),
      revision: null,
      position: 0n,
    };
    const from = revision === null ? {} : { fromRevision: revision + 1n };
    const { events } = await store.read<PlacementEvent>(streams.placement(serverId), from);
    const last = events.at(-1);
    return remember(serverId, {
      state: foldPlaces(state, events),
      revision: last?.revision ?? revision,
      position: last?.position ?? position,
    });
  };

  const tryOnce = async (serverId: string, command: PlacesCommand, cause: Cause): Promise<Remembered> => {
    const { state, revision, position } = await load(serverId);
    const events = placesDecider(serverId).decide(command, state);
    if (events.length === 0) return { state, revision, position };
    // Not derived from the command: who has left may come again. The decision itself is repeatable.
    const written = events.map((event) => ({ id: newId(), event }));
    const expectedRevision = revision ?? 'no_stream';
    try {
      const options = { expectedRevision, cause } as const;
      const appended = await store.append(streams.placement(serverId), written, options);
      return remember(serverId, { ...appended, state: foldPlaces(state, events) });
    } catch (error) {
      const isBehind = errorName(error) === 'WrongRevision' && (await load(serverId)).revision !== revision;
      // Refused though nothing is new: what is remembered is of another event store.
      if (!isBehind) remembered.delete(serverId);
      throw error;
    }
  };

  const decide = (serverId: string, command: PlacesCommand, cause: Cause): Promise<Remembered> =>
    turns.run(serverId, () =>
      retry(() => tryOnce(serverId, command, cause), {
        ...contention,
        isRetryable: (error) => errorName(error) === 'WrongRevision',
      }),
    );

  /** Opened before they are counted: who comes between the two takes a place. Of two that count, the first one's count holds. */
  const counted = async (serverId: string, cause: Cause): Promise<ReadonlySet<string>> => {
    const known = await load(serverId);
    if (known.state.status === 'counted' || known.state.status === 'closed') return known.state.clients;
    const { position } = await decide(serverId, { type: 'open' }, cause);
    const clientIds = await count(serverId, position);
    return (await decide(serverId, { type: 'count', clientIds }, cause)).state.clients;
  };

  return {
    async reservePlace(wish, cause) {
      await counted(wish.server.id, cause);
      try {
        await decide(wish.server.id, { type: 'reserve', wish }, cause);
        return null;
      } catch (error) {
        const [fault] = isRejection(error) ? error.faults : [];
        if (fault === undefined) throw error;
        return fault;
      }
    },
    async freePlace({ serverId, clientId }, cause) {
      await decide(serverId, { type: 'free', clientId }, cause);
    },
    clientsOn: counted,
    async knownOn(serverId) {
      const { status, clients } = (await load(serverId)).state;
      return status === 'counted' || status === 'closed' ? clients : null;
    },
    async openForNew(serverId, cause) {
      await decide(serverId, { type: 'open' }, cause);
      await decide(serverId, { type: 'count', clientIds: [] }, cause);
    },
    async close(serverId, cause) {
      await counted(serverId, cause);
      return (await decide(serverId, { type: 'close' }, cause)).state.clients.size;
    },
    async reopen(serverId, cause) {
      await decide(serverId, { type: 'open' }, cause);
    },
  };
};
