import { message, reject, Rejection, told, type Fault, type PlacementEvent } from '@alfa-cloud/contracts';
import type { Decider } from '@alfa-cloud/event-sourcing';
import type { RegisteredServer } from '@alfa-cloud/servers';

/**
 * Places on one server. `clients` while `counted`: who has one; while `opened`, before those who lived there are counted: who has given one
 * back since.
 */
export interface PlacesState {
  status: 'unopened' | 'opened' | 'counted' | 'closed';
  clients: ReadonlySet<string>;
}

/** A client that is to come to a server. */
export interface PlaceWish {
  server: Pick<RegisteredServer, 'id' | 'name' | 'capacity'>;
  clientId: string;
  /** What brings it there. */
  operationId: string;
}

export type PlacesCommand =
  | { type: 'open' }
  | { type: 'count'; clientIds: readonly string[] }
  | { type: 'reserve'; wish: PlaceWish }
  | { type: 'free'; clientId: string }
  | { type: 'close' };

const none: PlacesState = { status: 'unopened', clients: new Set() };

/** The state after events. Copies the clients once for all of them: a copy for each would cost too much where there are thousands. */
export const foldPlaces = (before: PlacesState, events: readonly PlacementEvent[]): PlacesState => {
  if (events.length === 0) return before;
  let { status } = before;
  let clients = new Set(before.clients);
  for (const event of events) {
    switch (event.type) {
      case 'PlacesOpened':
        if (status === 'unopened') status = 'opened';
        if (status === 'closed') status = 'counted';
        break;
      case 'PlacesCounted': {
        if (status !== 'opened') break;
        const gone = clients;
        clients = new Set(event.data.clientIds.filter((id) => !gone.has(id)));
        status = 'counted';
        break;
      }
      case 'PlaceReserved':
        if (status === 'counted') clients.add(event.data.clientId);
        break;
      case 'PlaceFreed':
        if (status === 'opened') clients.add(event.data.clientId);
        if (status === 'counted') clients.delete(event.data.clientId);
        break;
      case 'PlacesClosed':
        status = 'closed';
        clients.clear();
        break;
      default:
        event satisfies never;
    }
  }
  return { status, clients };
};

/**
 * Decides on the places of one server. Everything may be asked for again: who has a place keeps it, who has none gives none back.
 * `reserve` and `close` throw a Rejection when they are refused.
 */
export const placesDecider = (serverId: string): Decider<PlacesState, PlacesCommand, PlacementEvent> => ({
  initialState: () => none,
  evolve: (state, event) => foldPlaces(state, [event]),
  decide: (command, { status, clients }) => {
    switch (command.type) {
      case 'open':
        return status === 'unopened' || status === 'closed'
          ? [{ type: 'PlacesOpened', data: { serverId } }]
          : [];
      case 'count':
        return status === 'opened'
          ? [{ type: 'PlacesCounted', data: { serverId, clientIds: [...command.clientIds] } }]
          : [];
      case 'reserve': {
        const { server, clientId, operationId } = command.wish;
        if (status === 'closed') throw reject('server_unknown', message`Server ${server.name} was removed`);
        if (status !== 'counted') throw new Error(`The clients of server ${serverId} are not counted yet`);
        if (clients.has(clientId)) return [];
        if (clients.size >= server.capacity.clients) throw new Rejection([serverFull(server, clients.size)]);
        return [{ type: 'PlaceReserved', data: { serverId, clientId, operationId } }];
      }
      case 'free': {
        // Whoever ends before the places are opened is not counted.
        const isNews = status === 'opened' ? !clients.has(command.clientId) : clients.has(command.clientId);
        return isNews ? [{ type: 'PlaceFreed', data: { serverId, clientId: command.clientId } }] : [];
      }
      case 'close':
        if (status === 'closed') return [];
        if (status !== 'counted') throw new Error(`The clients of server ${serverId} are not counted yet`);
        return clients.size === 0 ? [{ type: 'PlacesClosed', data: { serverId } }] : [];
      default:
        return command satisfies never;
    }
  },
});

/** Nobody else gets in. */
export const serverFull = ({ name, capacity }: Omit<PlaceWish['server'], 'id'>, clients: number): Fault => ({
  code: 'server_full',
  ...told(message`Server ${name} has ${clients} clients, and ${capacity.clients} are its limit`),
});
