import type { CommandData } from '@alfa-cloud/contracts';
import type { Step } from '@alfa-cloud/operations';
import type { ClientAction, ClientData } from '../common/client-operation.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { ClientSettings } from '../../on-server/client-settings.ts';
import type { PageDeps, DesiredPage } from '../../resources/virtual-host/expected-vhost.ts';
import { desiredApplicationStep } from '../steps/application.ts';
import { servedStep } from '../steps/served.ts';
import { maintenanceSettingsStep } from '../steps/settings.ts';
import { desiredVhostStep } from '../steps/vhost.ts';

const desiredBy = ({ message }: { message?: string }): DesiredPage => ({
  maintenance: { message: message ?? null },
});

/** The page comes first, so that no visitor sees the application on its way down. */
export const enableMaintenance = (
  pages: PageDeps,
  settings: ClientSettings,
): ClientAction<CommandData<'EnableMaintenance'>> => ({
  kind: 'client.enable_maintenance',
  steps: ({ data }) => {
    const { vhost, application, inSettings, served } = stepsTo(pages, settings, desiredBy(data), 'down');
    return [vhost, application, inSettings, served];
  },
  outcome: async (_client, { data }) => ({
    fact: { type: 'ClientMaintenanceEnabled', data: { message: data.message ?? null } },
  }),
});

/** The page goes last. */
export const disableMaintenance = (pages: PageDeps, settings: ClientSettings): ClientAction<ClientData> => ({
  kind: 'client.disable_maintenance',
  steps: () => {
    const { vhost, application, inSettings, served } = stepsTo(pages, settings, { maintenance: null }, 'up');
    return [application, inSettings, vhost, served];
  },
  outcome: async () => ({ fact: { type: 'ClientMaintenanceDisabled', data: {} } }),
});

const stepsTo = (
  pages: PageDeps,
  settings: ClientSettings,
  desired: DesiredPage,
  mode: 'down' | 'up',
): Record<'vhost' | 'application' | 'inSettings' | 'served', Step<ClientOnServer>> => ({
  vhost: desiredVhostStep(pages, desired),
  application: desiredApplicationStep(settings, mode),
  inSettings: maintenanceSettingsStep(pages, desired),
  served: servedStep(settings),
});
