import type { ClientAction, ClientData } from '../common/client-operation.ts';
import type { ClientSettings } from '../../on-server/client-settings.ts';
import { applicationStep } from '../steps/application.ts';
import { healthyStep } from '../steps/healthy.ts';
import { reachableStep } from '../steps/reachable.ts';
import { restartStep } from '../steps/restart.ts';

/** A restart of the client's container, which also puts its application into the mode that it may have missed while it was stopped. */
export const reboot = (settings: ClientSettings): ClientAction<ClientData> => ({
  kind: 'client.reboot',
  steps: () => [
    restartStep(settings),
    healthyStep(settings),
    applicationStep(settings),
    reachableStep(settings),
  ],
  outcome: async () => ({ fact: null }),
});
