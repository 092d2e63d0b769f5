import {
  bulkKinds,
  ChangeClient,
  ChangeServer,
  type Command,
  type CommandData,
  conforms,
  copyClient,
  CreateClient,
  deriveId,
  message,
  type OperationEvent,
  reasonOf,
  RegisterServer,
  streams,
  type Reason,
} from '@alfa-cloud/contracts';
import { handleCommand, type Cause, type EventStore } from '@alfa-cloud/event-sourcing';
import type { PoisonMessage, QuerySender } from '@alfa-cloud/messaging';
import { rejectPoison } from '@alfa-cloud/service-host';
import { endBulk } from '../domain/bulk-under-way.ts';
import { releaseUnused } from '../domain/aliases.ts';
import { endOnClient } from '../domain/decide-on-client.ts';
import { clientDecider } from '../domain/client.ts';
import { loadClient } from '../domain/load.ts';
import type { Places } from '../domain/places.ts';
import { release } from '../domain/reservations.ts';
import { copyOn, unbindCopy } from './copy/admission.ts';
import { copyIdOf } from './copy/request-copy.ts';
import { serverNameReservation } from '../domain/server-name.ts';
import { causeOf, operationIdOf } from '@alfa-cloud/operations';
import { loadServer, serverDecider } from '@alfa-cloud/servers';

export interface PoisonDeps {
  store: EventStore;
  places: Places;
  queries: QuerySender;
}

/**
 * Ends a command that nobody can handle: visibly, and without leaving a name reserved or an aggregate waiting for ever.
 * One whose operation exists is never poison (`isUnderWay`), so nothing stands on a server yet.
 */
export const endPoison = async (deps: PoisonDeps, poison: PoisonMessage): Promise<void> => {
  const { store } = deps;
  await rejectPoison(store, poison);
  const { command } = poison;
  if (command === null) return;
  const cause = causeOf(command);
  const failure = {
    code: 'command_failed',
    ...reasonOf(message`The command failed again and again before its operation could begin`),
    eventIds: (index: number) => deriveId(command.id, 'poison', index),
  };
  if (command.name === 'CreateClient' && conforms(CreateClient, command.data)) {
    await endClient(deps, command.data, failure, cause);
  } else if (command.name === 'CopyClient' && conforms(copyClient.data, command.data)) {
    await endCopy(deps, command.data, { operationId: operationIdOf(command), failure }, cause);
  } else if (command.name === 'RegisterServer' && conforms(RegisterServer, command.data)) {
    await endServer(store, command.data, operationIdOf(command), failure, cause);
  } else if (command.name === 'ChangeServer' && conforms(ChangeServer, command.data)) {
    await endServer(store, command.data, operationIdOf(command), failure, cause);
  } else {
    const { clientId, serverId } = await subjectOf(store, command);
    if (serverId !== null) await endServer(store, { serverId }, operationIdOf(command), failure, cause);
    if (command.name === 'RemoveServer' && serverId !== null) await reopen(deps, serverId, cause);
    if (clientId === null) {
      // Begun, perhaps, and not accepted, like that of one client below.
      for (const kind of bulkKinds) await endBulk(store, kind, operationIdOf(command), cause);
      return;
    }
    if (command.name === 'ChangeClient' && conforms(ChangeClient, command.data)) {
      await releaseUnused(store, clientId, command.data.aliases ?? [], cause);
    }
    // Begun, perhaps, and not accepted: without an end there the client would refuse every other operation for ever.
    await endOnClient(store, { clientId, operationId: operationIdOf(command), cause });
  }
};

interface Subject {
  clientId: string | null;
  serverId: string | null;
}

/** The client or server that a command is about, be it by repeating an operation on it; both null when it is about no single one. */
const subjectOf = async (store: EventStore, { data }: Command): Promise<Subject> => {
  const { clientId, serverId, operationId } = data as Record<string, unknown>;
  if (typeof clientId === 'string') return { clientId, serverId: null };
  if (typeof serverId === 'string') return { clientId: null, serverId };
  if (typeof operationId !== 'string') return { clientId: null, serverId: null };
  const { events } = await store.read<OperationEvent>(streams.operation(operationId));
  const [first] = events;
  const target = first?.type === 'OperationAccepted' ? first.data.target : null;
  return {
    clientId: target?.type === 'client' ? target.id : null,
    serverId: target?.type === 'server' ? target.id : null,
  };
};

/** The copy that was to be made, or the refreshment that one which is there has begun. */
const endCopy = async (
  deps: PoisonDeps,
  asked: CommandData<'CopyClient'>,
  { operationId, failure }: { operationId: string; failure: Failure },
  cause: Cause,
): Promise<void> => {
  const { store } = deps;
  const there = await copyOn(store, asked);
  if (there !== null) await endOnClient(store, { clientId: there.client.id, operationId, cause });
  const copyId = copyIdOf(operationId);
  const { state } = await loadClient(store, copyId);
  if (state.status === 'creating') {
    const { serverId, slug } = state.client;
    await endClient(deps, { clientId: copyId, serverId, slug }, failure, cause);
  }
  await unbindCopy(store, asked, copyId, cause);
};

interface Failure extends Reason {
  eventIds: (index: number) => string;
}

const endClient = async (
  { store, places, queries }: PoisonDeps,
  { clientId, serverId, slug }: Pick<CreateClient, 'clientId' | 'serverId' | 'slug'>,
  { eventIds, ...why }: Failure,
  cause: Cause,
): Promise<void> => {
  await handleCommand(store, {
    stream: streams.client(clientId),
    decider: clientDecider,
    command: { type: 'fail_creation', ...why },
    cause,
    eventIds,
  });
  await release(store, { scope: 'slug', name: slug, holderId: clientId }, cause);
  // Where none was asked for, the read models say which there are.
  for (const id of serverId === undefined ? await serverIds(queries) : [serverId]) {
    await places.freePlace({ serverId: id, clientId }, cause);
  }
};

const serverIds = async (queries: QuerySender): Promise<string[]> =>
  (await queries.ask('ListServers', { active: 'all' })).result.items.map(({ id }) => id);

/** A server that is there after all takes clients again. */
const reopen = async ({ store, places }: PoisonDeps, serverId: string, cause: Cause): Promise<void> => {
  const { status } = (await loadServer(store, serverId)).state;
  if (status !== 'absent' && status !== 'removed') await places.reopen(serverId, cause);
};

/** The server fails only when it waits for this very operation; a name that was reserved for it in vain is given back. */
const endServer = async (
  store: EventStore,
  { serverId, name }: { serverId: string; name?: string },
  operationId: string,
  { eventIds, ...why }: Failure,
  cause: Cause,
): Promise<void> => {
  const { state, events } = await handleCommand(store, {
    stream: streams.server(serverId),
    decider: serverDecider,
    // It has not begun its work, so whatever stood before stands.
    command: { type: 'fail_preparation', operationId, ...why, stands: true },
    cause,
    eventIds,
  });
  const own = state.status === 'absent' ? null : serverNameReservation(state.server);
  const asked = name === undefined ? null : serverNameReservation({ id: serverId, name });
  const hasLost = state.status !== 'absent' && !state.wasReady && events.length > 0;
  if (own !== null && hasLost) await release(store, own, cause);
  if (asked !== null && asked.name !== own?.name) await release(store, asked, cause);
};
