import { prepareServer, streams, type CommandData, type ServerEvent, deriveId } from '@alfa-cloud/contracts';
import { fold, handleCommand } from '@alfa-cloud/event-sourcing';
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
  serverDecider,
  type ServerChanges,
  type ServerState,
} from '../../domain/server.ts';
import type { OperationsDeps } from '../common/module.ts';
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
      const work = () => change(deps, execution);
      const { events, position } = await deps.admission.run(serverId, work, delivery.signal);
      const prepares = events.some(({ type, data }) => type === 'ServerChanged' && data.operationId !== null);
      if (prepares) await deps.execute(preparation, execution);
      else await delivery.accepted({ serverId }, position);
    },
    isUnderWay: isOperationUnderWay(deps.store),
  };
};

const change = async (
  deps: OperationsDeps,
  { data: { serverId, ...asked }, operationId, command, cause }: Execution<ChangeServer>,
) => {
  const { store, vault } = deps;
  const eventIds = (index: number) => deriveId(command.id, 'change', index);
  const { events } = await store.read<ServerEvent>(streams.server(serverId));
  const decided = events.findIndex(({ id }) => id === eventIds(0));
  const before = fold(serverDecider, decided < 0 ? events : events.slice(0, decided));
  const changes: ServerChanges =
    asked.connection === undefined
      ? asked
      : { ...asked, connection: await changedConnection(vault, before, asked.connection) };
  const decision = {
    type: 'change',
    operationId,
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
  { clientCount }: OperationsDeps,
  state: ServerState,
  changes: ServerChanges,
  seen: bigint,
): Promise<number> => {
  if (state.status !== 'ready' && state.status !== 'failed') return 0;
  if (preparedChanges(effectiveChanges(state.server, changes)).length === 0) return 0;
  return clientCount.certain(state.server.id, seen);
};
