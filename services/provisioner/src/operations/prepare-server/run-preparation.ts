import type { Command } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import { acceptOperation, causeOf } from '@alfa-cloud/operations';
import type { Vault } from '@alfa-cloud/secrets';
import type { Clock } from '@alfa-cloud/service-kit';
import type { CloudServers } from '../../on-server/cloud-servers.ts';
import { loadServer } from '../../domain/load.ts';
import type { OperationRunner } from '../run-to-end.ts';
import { loadPreparation, type PreparationSettings } from '../../on-server/preparation.ts';
import type { ProxyFiles } from '../../resources/server/proxy-files.ts';
import { prepareOperation } from './prepare-operation.ts';

export interface PreparationDeps {
  store: EventStore;
  vault: Vault;
  clock: Clock;
  cloudServers: CloudServers;
  run: OperationRunner;
  settings: PreparationSettings;
  proxyFiles: ProxyFiles;
}

/** Where a preparation comes from: a delivery is one. */
export interface PreparationRequest {
  command: Command;
  signal: AbortSignal;
  accepted: (ids: Record<string, string>, position: bigint) => Promise<void>;
}

export interface PreparationRun {
  serverId: string;
  operationId: string;
  /** The operation that this one repeats. */
  retryOf?: string;
}

/** From the recorded decision to the end: accepts the operation, tells the sender, and carries it out. */
export const runPreparation = async (
  deps: PreparationDeps,
  { command, signal, accepted }: PreparationRequest,
  { serverId, operationId, retryOf }: PreparationRun,
): Promise<void> => {
  const { store } = deps;
  const cause = causeOf(command);
  const { state } = await loadServer(store, serverId);
  const inService = state.status !== 'absent' && state.wasReady;
  const definition = prepareOperation({ ...deps, cause, inService });
  const { position } = await acceptOperation(store, {
    operationId,
    kind: definition.kind,
    target: { type: 'server', id: serverId },
    steps: definition.steps.map(({ name }) => name),
    cause,
    ...(retryOf === undefined ? {} : { retryOf }),
  });
  await accepted({ serverId, operationId }, position);
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
