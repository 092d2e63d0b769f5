import type { ClientAction, ClientData } from '../common/client-operation.ts';
import type { ClientSettings } from '../../on-server/client-settings.ts';
import { demoClearStep, demoFillStep } from '../steps/commands.ts';

/**
 * Demo data that is there is not filled in again, by what is recorded. After a failure in the middle nothing is certain: then either
 * command runs its seeder, which by the image contract leaves the same after running twice.
 */
export const enableDemo = (settings: ClientSettings): ClientAction<ClientData> => ({
  kind: 'client.enable_demo',
  steps: () => [demoFillStep(settings, ({ demo }) => demo === 'present')],
  outcome: async () => ({ fact: { type: 'ClientDemoEnabled', data: {} } }),
});

export const disableDemo = (settings: ClientSettings): ClientAction<ClientData> => ({
  kind: 'client.disable_demo',
  steps: () => [demoClearStep(settings, ({ demo }) => demo === 'absent')],
  outcome: async () => ({ fact: { type: 'ClientDemoDisabled', data: {} } }),
});
