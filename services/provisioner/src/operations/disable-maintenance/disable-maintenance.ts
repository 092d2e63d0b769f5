import { disableMaintenance as operation } from '@alfa-cloud/contracts';
import { clientOperation } from '../common/client-operation.ts';
import { desiredApplicationStep } from '../steps/application.ts';
import { servedStep } from '../steps/served.ts';
import { maintenanceSettingsStep } from '../steps/settings.ts';
import { desiredVhostStep } from '../steps/vhost.ts';

const desired = { maintenance: null };

/** The page goes last. */
export const disableMaintenance = clientOperation(operation, (deps) => ({
  steps: () => ({
    application: desiredApplicationStep(deps.config, 'up'),
    settings: maintenanceSettingsStep(deps, desired),
    vhost: desiredVhostStep(deps, desired),
    reachable: servedStep(deps.config),
  }),
  outcome: async () => ({ fact: { type: 'ClientMaintenanceDisabled', data: {} } }),
}));
