import type { CommandName } from '@alfa-cloud/contracts';
import { acceptOperation, type EventStore } from '@alfa-cloud/event-sourcing';
import type { Delivery } from '@alfa-cloud/messaging';
import type { Vault } from '@alfa-cloud/secrets';
import type { Clock } from '@alfa-cloud/service-kit';
import type { CloudServers } from '../cloud-servers.ts';
import { loadServer } from '../load.ts';
import { causeOf } from '../operations/cause.ts';
import type { OperationRunner } from '../operations/run-to-end.ts';
import { loadPreparation, type PreparationSettings } from './preparation.ts';
import { prepareOperation } from './prepare-operation.ts';

export interface PreparationDeps {
  store: EventStore;
  vault: Vault;
  clock: Clock;
  cloudServers: CloudServers;
  run: OperationRunner;
  settings: PreparationSettings;
}

/** From the recorded decision to the end: accepts the operation, tells the sender, and carries it out. */
export const runPreparation = async <Name extends CommandName>(
  deps: PreparationDeps,
  { command, signal, accepted }: Delivery<Name>,
  { serverId, operationId }: { serverId: string; operationId: string },
): Promise<void> => {
  const { store, settings, clock } = deps;
  const cause = causeOf(command);
  const definition = prepareOperation(store, settings, clock, cause);
  const { position } = await acceptOperation(store, {
    operationId,
    kind: definition.kind,
    target: { type: 'server', id: serverId },
    steps: definition.steps.map(({ name }) => name),
    cause,
  });
  await accepted({ serverId, operationId }, position);
  const { state } = await loadServer(store, serverId);
  // Only a server whose preparation has ended can be removed, and its key is gone with it.
  if (state.status === 'removed') return;
  await deps.run({
    operationId,
    serverId,
    command,
    definition,
    signal,
    loadContext: async () => {
      const context = await loadPreparation(deps, serverId);
      return { context, redact: context.redact };
    },
  });
};
