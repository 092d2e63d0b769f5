import { Type, type Static } from 'typebox';
import { closed, Id } from '../values/primitives.ts';

/** Who has a place on a server, one stream a server: its revision lets no more clients in than there is room for. */
export const placementEvents = {
  /**
   * From here on a client takes its place before it comes. Those that lived there before are counted next. After `PlacesClosed`: the server
   * stays after all, without clients.
   */
  PlacesOpened: closed({ serverId: Id }),
  /** Clients that lived there, or were being created, when the places were opened. */
  PlacesCounted: closed({ serverId: Id, clientIds: Type.Array(Id) }),
  /** `operationId`: what brings the client there. */
  PlaceReserved: closed({ serverId: Id, clientId: Id, operationId: Id }),
  PlaceFreed: closed({ serverId: Id, clientId: Id }),
  /** The server is removed, and has no clients. */
  PlacesClosed: closed({ serverId: Id }),
};

export type PlacementEvent = {
  [Name in keyof typeof placementEvents]: { type: Name; data: Static<(typeof placementEvents)[Name]> };
}[keyof typeof placementEvents];
