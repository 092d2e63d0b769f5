import { prepareServer, streams, type CommandData, type ServerEvent, deriveId } from '@alfa-cloud/contracts';
import { fold, handleCommand, type Cause } from '@alfa-cloud/event-sourcing';
import type { CommandHandler } from '@alfa-cloud/messaging';
import {
  executionOf,
  isOperationUnderWay,
  type Execute,
  type Execution,
  type Implementation,
} from '@alfa-cloud/operations';
import {
  effectiveChanges,
  preparedChanges,
  type ServerChanges,
  serverDecider,
  type ServerState,
  withCredentials,
  withPublicKeys,
} from '@alfa-cloud/servers';
import type { OperationsDeps } from '../common/module.ts';
import { checkChangedConnection } from './check-connection.ts';
import { changedConnection } from './changed-connection.ts';
import { begunPreparation } from './preparation.ts';
import { releaseFormerName, releaseVainName, reserveName } from './server-names.ts';

type ChangeServer = CommandData<'ChangeServer'>;

/**
 * Changes a server, and prepares it again where the change needs that. What was decided once is never decided again: a repeated delivery
 * goes on.
 */
export const changeServerHandler = (
  deps: OperationsDeps & { execute: Execute },
): CommandHandler<'ChangeServer'> => {
  const preparation: Implementation<ChangeServer> = {
    operation: prepareServer,
    begin: (execution) => begunPreparation(deps, execution),
  };
  return {
    async handle(delivery) {
      const execution = executionOf(delivery);
      const { serverId } = execution.data;
      const asked = await readRequest(deps, execution);
      const work = () => change(deps, execution, asked);
      const { events, position } = await deps.admission.run(serverId, work, delivery.signal);
      const prepares = events.some(({ type, data }) => type === 'ServerChanged' && data.operationId !== null);
      if (prepares) await deps.execute(preparation, execution);
      else await delivery.accepted({ serverId }, position);
    },
    isUnderWay: isOperationUnderWay(deps.store),
  };
};

/** What is asked for, as it would be recorded. */
interface Request {
  changes: ServerChanges;
  checked: Awaited<ReturnType<typeof checkChangedConnection>> | null;
}

const eventIdsOf =
  ({ command }: Execution<ChangeServer>) =>
  (index: number) =>
    deriveId(command.id, 'change', index);

/** A connection is checked before its server is kept from other decisions: that takes a while. */
const readRequest = async (deps: OperationsDeps, execution: Execution<ChangeServer>): Promise<Request> => {
  const { serverId, ...changes } = execution.data;
  if (changes.connection === undefined) return { changes, checked: null };
  const { before, isDecided } = await stateBefore(deps, execution);
  if (isDecided || before.status === 'absent' || before.status === 'removed')
    return { changes, checked: null };
  const meant = await withCredentials(deps, changes.connection, before.server.connection);
  const connection = await changedConnection(deps.vault, before, meant);
  const isNew = effectiveChanges(before.server, { connection }).connection !== undefined;
  const checked = isNew
    ? await checkChangedConnection(deps, { serverId, connection }, execution.signal)
    : null;
  return { changes: { ...changes, connection: withPublicKeys(connection, checked) }, checked };
};

/** The server before this command was decided on, if it was. */
const stateBefore = async ({ store }: OperationsDeps, execution: Execution<ChangeServer>) => {
  const { events } = await store.read<ServerEvent>(streams.server(execution.data.serverId));
  const decided = events.findIndex(({ id }) => id === eventIdsOf(execution)(0));
  const isDecided = decided >= 0;
  const before = fold(serverDecider, isDecided ? events.slice(0, decided) : events);
  return { before, isDecided };
};

const change = async (
  deps: OperationsDeps,
  execution: Execution<ChangeServer>,
  { changes, checked }: Request,
) => {
  const { operationId, cause } = execution;
  const { before, isDecided } = await stateBefore(deps, execution);
  const decision = {
    type: 'change',
    operationId,
    changes,
    checked,
    clients: await clientsWhereItMatters(deps, before, changes, cause),
  } as const;
  if (!isDecided) {
    serverDecider.decide(decision, before);
    await reserveName(deps, before, changes, cause);
  }
  const handled = await handleCommand(deps.store, {
    stream: streams.server(execution.data.serverId),
    decider: serverDecider,
    command: decision,
    cause,
    eventIds: eventIdsOf(execution),
  }).catch(async (error: unknown) => {
    await releaseVainName(deps, before, changes, cause);
    throw error;
  });
  await releaseFormerName(deps, before, handled.state, cause);
  return handled;
};

const clientsWhereItMatters = async (
  { places }: OperationsDeps,
  state: ServerState,
  changes: ServerChanges,
  cause: Cause,
): Promise<number> => {
  if (state.status !== 'ready' && state.status !== 'failed') return 0;
  if (preparedChanges(effectiveChanges(state.server, changes)).length === 0) return 0;
  return (await places.clientsOn(state.server.id, cause)).size;
};
