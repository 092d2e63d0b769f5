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
import type { ClientSettings } from '../../on-server/client-settings.ts';
import { dayIn } from '../../domain/days.ts';
import type { PageDeps } from '../../resources/virtual-host/expected-vhost.ts';
import { servedStep } from '../steps/served.ts';
import { expirySettingsStep } from '../steps/settings.ts';
import { vhostStep } from '../steps/vhost.ts';

/** Makes the recorded last day true on the server. */
export const applyExpiry = (
  pages: PageDeps,
  settings: ClientSettings,
): OperationDefinition<ClientOnServer> => ({
  kind: 'client.apply_expiry',
  steps: [expirySettingsStep(pages), vhostStep(pages), servedStep(settings)],
  conclude: async ({ client }) => ({ clientId: client.id, expireDate: client.expireDate }),
});

/**
 * Changes the last day of use, whatever else runs on the client, and makes it true on the server: each step takes the newest recorded day,
 * so that changes which overtake each other end with the last one.
 */
export const changeExpireDateHandler = (
  deps: OperationDeps & { pages: PageDeps; settings: ClientSettings },
): CommandHandler<'ChangeExpireDate'> => {
  const { store, pages, settings } = deps;
  return {
    async handle(delivery) {
      const { command } = delivery;
      const { clientId, expireDate, reason, confirm = false } = command.data;
      const operationId = operationIdOf(command);
      const today = dayIn(pages.timeZone, pages.clock());
      const { state } = await decideOnClient(store, {
        clientId,
        operationId,
        place: 'expire-date',
        cause: causeOf(command),
        command: { type: 'change_expire_date', operationId, to: expireDate, reason, today, confirm },
      });
      if (state.status === 'absent') throw new Error(`Client ${clientId} has changed and is absent`);
      await acceptAndRun(deps, delivery, {
        clientId,
        serverId: state.client.serverId,
        // A repetition takes what is recorded then.
        parameters: {},
        definition: applyExpiry(pages, settings),
      });
    },
    isUnderWay: isOperationUnderWay(store),
  };
};
