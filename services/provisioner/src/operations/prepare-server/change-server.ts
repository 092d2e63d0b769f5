import { deriveId, streams, type Command, type ServerEvent } from '@alfa-cloud/contracts';
import { fold, handleCommand, type Cause } from '@alfa-cloud/event-sourcing';
import type { CommandHandler } from '@alfa-cloud/messaging';
import type { ClientCount } from '../../read-models/client-count.ts';
import { isOperationUnderWay, operationIdOf } from '../common/accept-and-run.ts';
import { causeOf } from '@alfa-cloud/operations';
import { release, reserve } from '../../domain/reservations.ts';
import type { KeyedSemaphore } from '@alfa-cloud/service-kit';
import { connectionNotSupported } from './register-server.ts';
import { runPreparation, type PreparationDeps } from './run-preparation.ts';
import {
  effectiveChanges,
  preparedChanges,
  serverDecider,
  type ServerChanges,
  type ServerState,
} from '../../domain/server.ts';
import { nameTaken, serverNameReservation } from '../../domain/server-name.ts';

export interface ChangeServerDeps extends PreparationDeps {
  clientCount: ClientCount;
  /** By server: while its clients are counted for a decision, this process admits none there. */
  admission: KeyedSemaphore;
}

/**
 * Changes a server, and prepares it again where the change needs that. What was decided once is never decided again: a repeated delivery
 * goes on.
 */
export const changeServerHandler = (deps: ChangeServerDeps): CommandHandler<'ChangeServer'> => ({
  async handle(delivery) {
    const { command, signal } = delivery;
    const { serverId, ...changes } = command.data;
    if (changes.connection !== undefined && changes.connection.kind !== 'local') {
      throw connectionNotSupported(changes.connection.kind);
    }
    const { events, position } = await deps.admission.run(
      serverId,
      () => change(deps, command, changes),
      signal,
    );
    const operationId = operationIdOf(command);
    const prepares = events.some(({ type, data }) => type === 'ServerChanged' && data.operationId !== null);
    if (prepares) await runPreparation(deps, delivery, { serverId, operationId });
    else await delivery.accepted({ serverId }, position);
  },
  isUnderWay: isOperationUnderWay(deps.store),
});

const change = async (
  deps: ChangeServerDeps,
  command: Command<{ serverId: string }>,
  changes: ServerChanges,
) => {
  const { store } = deps;
  const { serverId } = command.data;
  const cause = causeOf(command);
  const eventIds = (index: number) => deriveId(command.id, 'change', index);
  const { events } = await store.read<ServerEvent>(streams.server(serverId));
  const decided = events.findIndex(({ id }) => id === eventIds(0));
  const before = fold(serverDecider, decided < 0 ? events : events.slice(0, decided));
  const decision = {
    type: 'change',
    operationId: operationIdOf(command),
    changes,
    clients: await clientsWhereItMatters(deps, before, changes, events.at(-1)?.position ?? 0n),
  } as const;
  if (decided < 0) {
    serverDecider.decide(decision, before);
    await reserveName(deps, before, changes, cause);
  }
  const handled = await handleCommand(store, {
    stream: streams.server(serverId),
    decider: serverDecider,
    command: decision,
    cause,
    eventIds,
  }).catch(async (error: unknown) => {
    await releaseVainName(deps, before, changes, cause);
    throw error;
  });
  await releaseFormerName(deps, before, handled.state, cause);
  return handled;
};

const clientsWhereItMatters = async (
  { clientCount }: ChangeServerDeps,
  state: ServerState,
  changes: ServerChanges,
  seen: bigint,
): Promise<number> => {
  if (state.status !== 'ready' && state.status !== 'failed') return 0;
  if (preparedChanges(effectiveChanges(state.server, changes)).length === 0) return 0;
  return clientCount.certain(state.server.id, seen);
};

/** A server whose preparation failed has given its name back, so it asks for it anew. */
export const reserveName = async (
  { store }: Pick<ChangeServerDeps, 'store'>,
  state: ServerState,
  changes: ServerChanges,
  cause: Cause,
): Promise<void> => {
  if (state.status === 'absent') return;
  const { id, name } = { ...state.server, ...changes };
  if ((await reserve(store, serverNameReservation({ id, name }), cause)) !== id) throw nameTaken(name);
};

/** Somebody else has changed the server between the look and the decision, so that there is no change. */
const releaseVainName = async (
  { store }: ChangeServerDeps,
  state: ServerState,
  { name }: ServerChanges,
  cause: Cause,
): Promise<void> => {
  if (state.status === 'absent' || name === undefined) return;
  const vain = serverNameReservation({ id: state.server.id, name });
  if (vain.name !== serverNameReservation(state.server).name) await release(store, vain, cause);
};

const releaseFormerName = async (
  { store }: ChangeServerDeps,
  before: ServerState,
  now: ServerState,
  cause: Cause,
): Promise<void> => {
  if (before.status === 'absent' || now.status === 'absent') return;
  const former = serverNameReservation(before.server);
  if (former.name !== serverNameReservation(now.server).name) await release(store, former, cause);
};
