import { causeOf, type OperationDefinition } from '@alfa-cloud/operations';
import type { CommandHandler } from '@alfa-cloud/messaging';
import {
  acceptAndRun,
  isOperationUnderWay,
  operationIdOf,
  type OperationDeps,
} from '../common/accept-and-run.ts';
import { decideOnClient } from '../common/client-operation.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { PageDeps } from '../../resources/virtual-host/expected-vhost.ts';
import { optionsSettingsStep } from '../steps/settings.ts';

/** Makes the recorded settings true in the client's database. */
export const applySettings = (pages: PageDeps): OperationDefinition<ClientOnServer> => ({
  kind: 'client.apply_settings',
  steps: [optionsSettingsStep(pages)],
  conclude: async ({ client, cloudSettings }) => ({ clientId: client.id, ...cloudSettings }),
});

/**
 * Changes cloud settings, whatever else runs on the client, and makes them true in its database: what is written is the newest record, so that
 * changes which overtake each other end with the last one.
 */
export const changeCloudSettingsHandler = (
  deps: OperationDeps & { pages: PageDeps },
): CommandHandler<'ChangeCloudSettings'> => {
  const { store, pages } = deps;
  return {
    async handle(delivery) {
      const { command } = delivery;
      const { clientId, ...changes } = command.data;
      const operationId = operationIdOf(command);
      const { state } = await decideOnClient(store, {
        clientId,
        operationId,
        place: 'cloud-settings',
        cause: causeOf(command),
        command: { type: 'change_cloud_settings', operationId, ...changes },
      });
      if (state.status === 'absent') throw new Error(`Client ${clientId} has changed and is absent`);
      await acceptAndRun(deps, delivery, {
        clientId,
        serverId: state.client.serverId,
        // A repetition writes what is recorded then.
        parameters: {},
        definition: applySettings(pages),
      });
    },
    isUnderWay: isOperationUnderWay(store),
  };
};
