import { reject } from '@alfa-cloud/contracts';
import type { OperationDefinition } from '@alfa-cloud/operations';
import { runBulk } from '../bulk/bulk-handler.ts';
import type { BulkDeps } from '../bulk/bulk-operation.ts';
import { acceptAndRun } from './common/accept-and-run.ts';
import { applyExpiry } from './apply-expiry/apply-expiry.ts';
import type { ClientActions } from './client-actions.ts';
import { runClientOperation, type ClientAction, type ClientData } from './common/client-operation.ts';
import type { ClientOnServer } from '../on-server/client-on-server.ts';
import type { ClientSettings } from '../on-server/client-settings.ts';
import type { PageDeps } from '../resources/virtual-host/expected-vhost.ts';
import { applySettings } from './apply-settings/apply-settings.ts';
import { loadClient } from '../domain/load.ts';
import { prepareAgain } from './prepare-server/prepare-server.ts';
import type { PreparationDeps } from './prepare-server/run-preparation.ts';
import type { Repeaters, Repetition } from './retry-operation.ts';

export interface RepeaterSettings {
  pages: PageDeps;
  settings: ClientSettings;
  preparing: PreparationDeps;
}

/** Every operation that can be run once more. */
export const createRepeaters = (
  deps: BulkDeps,
  actions: ClientActions,
  { pages, settings, preparing }: RepeaterSettings,
): Repeaters => {
  // What an operation has recorded as its parameters is what its command was checked to be.
  const again =
    <Data extends ClientData>(action: ClientAction<Data>) =>
    (
      { clientId, parameters }: { clientId: string; parameters: Record<string, unknown> },
      repetition: Repetition,
    ) =>
      runClientOperation(deps, action, { data: { ...parameters, clientId } as Data, ...repetition });
  const recorded =
    (definition: OperationDefinition<ClientOnServer>) =>
    async ({ clientId }: { clientId: string }, { operationId, retryOf, ...origin }: Repetition) => {
      const { state } = await loadClient(deps.store, clientId);
      if (state.status === 'deleted') throw reject('gone', 'This client was deleted');
      if (state.status !== 'active') throw reject('client_not_active', `The client is ${state.status}`);
      const { serverId } = state.client;
      return acceptAndRun(deps, origin, {
        clientId,
        serverId,
        operationId,
        retryOf,
        parameters: {},
        definition,
      });
    };
  return {
    client: {
      'client.reboot': again(actions.RebootClient),
      'client.enable_maintenance': again(actions.EnableMaintenance),
      'client.disable_maintenance': again(actions.DisableMaintenance),
      'client.enable_demo': again(actions.EnableDemo),
      'client.disable_demo': again(actions.DisableDemo),
      'client.count_users': again(actions.CountUsers),
      'client.apply_expiry': recorded(applyExpiry(pages, settings)),
      'client.apply_changes': again(actions.applyChanges),
      'client.apply_settings': recorded(applySettings(pages)),
      'client.switch': again(actions.SwitchImage),
      'client.rollback': again(actions.RollBackImage),
      'client.migrate': again(actions.MigrateClient),
      'client.deploy': again(actions.deploy),
      'client.back_up': again(actions.BackUpClient),
      'client.restore': again(actions.RestoreClient),
      'client.delete': again(actions.DeleteClient),
    },
    server: ({ serverId }, { operationId, retryOf, ...request }) =>
      prepareAgain(preparing, request, { serverId, operationId, retryOf }),
    bulk: (request, repetition) => runBulk(deps, { request, ...repetition }),
  };
};
