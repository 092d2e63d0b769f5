import { deriveId, streams, type CommandName } from '@alfa-cloud/contracts';
import { acceptOperation, type EventStore, type OperationDefinition } from '@alfa-cloud/event-sourcing';
import type { CommandHandler, Delivery } from '@alfa-cloud/messaging';
import type { Vault } from '@alfa-cloud/secrets';
import type { CloudServers } from '../cloud-servers.ts';
import { causeOf } from '../operations/cause.ts';
import type { OperationRunner } from '../operations/run-to-end.ts';
import { loadClientOnServer, type ClientOnServer } from './client-on-server.ts';

export interface OperationDeps {
  store: EventStore;
  vault: Vault;
  cloudServers: CloudServers;
  run: OperationRunner;
}

/** The operation of a command. */
export const operationIdOf = (command: { id: string }): string => deriveId(command.id, 'operation');

/** From the decision to the end: accepts the operation, tells the sender, and carries it out. */
export const acceptAndRun = async <Name extends CommandName>(
  deps: OperationDeps,
  { command, signal, accepted }: Delivery<Name>,
  operation: {
    clientId: string;
    serverId: string;
    definition: OperationDefinition<ClientOnServer>;
    onAccepted?(position: bigint): void;
  },
): Promise<void> => {
  const { clientId, serverId, definition } = operation;
  const operationId = operationIdOf(command);
  const { position } = await acceptOperation(deps.store, {
    operationId,
    kind: definition.kind,
    target: { type: 'client', id: clientId },
    steps: definition.steps.map(({ name }) => name),
    cause: causeOf(command),
  });
  operation.onAccepted?.(position);
  await accepted({ clientId, operationId }, position);
  await deps.run({
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
