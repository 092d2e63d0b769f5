import { rebootClient } from '@alfa-cloud/contracts';
import { clientOperation } from '../common/client-operation.ts';
import { applicationStep } from '../steps/application.ts';
import { healthyStep } from '../steps/healthy.ts';
import { reachableStep } from '../steps/reachable.ts';
import { restartStep } from './restart.ts';

/** A restart of the client's container, which also puts its application into the mode that it may have missed while it was stopped. */
export const reboot = clientOperation(rebootClient, ({ config }) => ({
  steps: () => ({
    restart: restartStep(config),
    healthy: healthyStep(config),
    application: applicationStep(config),
    reachable: reachableStep(config),
  }),
}));
