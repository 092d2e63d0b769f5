import { deriveId, streams, type Command, type CommandName } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import {
  acceptOperation,
  causeOf,
  type OperationDefinition,
  type OperationEnd,
} from '@alfa-cloud/operations';
import type { CommandHandler } from '@alfa-cloud/messaging';
import type { Vault } from '@alfa-cloud/secrets';
import type { CloudServers } from '../../on-server/cloud-servers.ts';
import type { OperationRunner } from '../run-to-end.ts';
import { loadClientOnServer, type ClientOnServer } from '../../on-server/client-on-server.ts';

export interface OperationDeps {
  store: EventStore;
  vault: Vault;
  cloudServers: CloudServers;
  run: OperationRunner;
}

/** The operation of a command. */
export const operationIdOf = (command: { id: string }): string => deriveId(command.id, 'operation');

/** Where an operation comes from: a delivery is one. */
interface Origin {
  command: Command;
  signal: AbortSignal;
  accepted?: (ids: Record<string, string>, position: bigint) => Promise<void>;
}

export interface OperationOnClient {
  /** Default: the operation of the command. */
  operationId?: string;
  clientId: string;
  serverId: string;
  definition: OperationDefinition<ClientOnServer>;
  /** The operation that this one is a part of. */
  parentId?: string;
  /** What was asked for, for a retry; never a secret. */
  parameters?: Record<string, unknown>;
  /** The operation that this one repeats. */
  retryOf?: string;
  onAccepted?(position: bigint): void;
}

/** From the decision to the end: accepts the operation, tells the sender, and carries it out. */
export const acceptAndRun = async (
  deps: OperationDeps,
  { command, signal, accepted }: Origin,
  operation: OperationOnClient,
): Promise<OperationEnd> => {
  const { clientId, serverId, definition, parentId, parameters, retryOf } = operation;
  const { operationId = operationIdOf(command) } = operation;
  const { position } = await acceptOperation(deps.store, {
    operationId,
    kind: definition.kind,
    target: { type: 'client', id: clientId },
    steps: definition.steps.map(({ name }) => name),
    cause: causeOf(command),
    ...(parentId === undefined ? {} : { parentId }),
    ...(parameters === undefined ? {} : { parameters }),
    ...(retryOf === undefined ? {} : { retryOf }),
  });
  operation.onAccepted?.(position);
  await accepted?.({ clientId, operationId }, position);
  return deps.run({
    operationId,
    serverId,
    command,
    definition,
    signal,
    loadContext: async () => {
      const context = await loadClientOnServer(deps, clientId);
      return { context, redact: context.redact };
    },
  });
};

/** For {@link CommandHandler.isUnderWay}: from its acceptance on an operation keeps its own account of crashes. */
export const isOperationUnderWay =
  (store: EventStore): NonNullable<CommandHandler<CommandName>['isUnderWay']> =>
  async (command) =>
    (await store.read(streams.operation(operationIdOf(command)))).revision !== null;
