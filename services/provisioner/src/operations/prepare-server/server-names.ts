import type { Cause, EventStore } from '@alfa-cloud/event-sourcing';
import type { ServerChanges, ServerState } from '@alfa-cloud/servers';
import { release, reserve } from '../../domain/reservations.ts';
import { nameTaken, serverNameReservation } from '../../domain/server-name.ts';

interface NameDeps {
  store: EventStore;
}

/** A server whose preparation failed has given its name back, so it asks for it anew. */
export const reserveName = async (
  { store }: NameDeps,
  state: ServerState,
  changes: ServerChanges,
  cause: Cause,
): Promise<void> => {
  if (state.status === 'absent') return;
  const { id, name } = { ...state.server, ...changes };
  if ((await reserve(store, serverNameReservation({ id, name }), cause)) !== id) throw nameTaken(name);
};

/** Somebody else has changed the server between the look and the decision, so that there is no change. */
export const releaseVainName = async (
  { store }: NameDeps,
  state: ServerState,
  { name }: ServerChanges,
  cause: Cause,
): Promise<void> => {
  if (state.status === 'absent' || name === undefined) return;
  const vain = serverNameReservation({ id: state.server.id, name });
  if (vain.name !== serverNameReservation(state.server).name) await release(store, vain, cause);
};

export const releaseFormerName = async (
  { store }: NameDeps,
  before: ServerState,
  now: ServerState,
  cause: Cause,
): Promise<void> => {
  if (before.status === 'absent' || now.status === 'absent') return;
  const former = serverNameReservation(before.server);
  if (former.name !== serverNameReservation(now.server).name) await release(store, former, cause);
};
