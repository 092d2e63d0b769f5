import { enableMaintenance as operation } from '@alfa-cloud/contracts';
import { clientOperation } from '../common/client-operation.ts';
import { desiredApplicationStep } from '../steps/application.ts';
import { servedStep } from '../steps/served.ts';
import { maintenanceSettingsStep } from '../steps/settings.ts';
import { desiredVhostStep } from '../steps/vhost.ts';

/** The page comes first, so that no visitor sees the application on its way down. */
export const enableMaintenance = clientOperation(operation, (deps) => ({
  steps({ data: { message = null } }) {
    const desired = { maintenance: { message } };
    return {
      vhost: desiredVhostStep(deps, desired),
      application: desiredApplicationStep(deps.config, 'down'),
      settings: maintenanceSettingsStep(deps, desired),
      reachable: servedStep(deps.config),
    };
  },
  outcome: async (_client, { data: { message = null } }) => ({
    fact: { type: 'ClientMaintenanceEnabled', data: { message } },
  }),
}));
