import { enableDemo as operation } from '@alfa-cloud/contracts';
import { clientOperation } from '../common/client-operation.ts';
import { demoFillStep } from '../steps/commands.ts';

/**
 * Demo data that is there is not filled in again, by what is recorded. After a failure in the middle nothing is certain: then either
 * command runs its seeder, which by the image contract leaves the same after running twice.
 */
export const enableDemo = clientOperation(operation, ({ config }) => ({
  steps: () => ({ demo: demoFillStep(config, ({ demo }) => demo === 'present') }),
  outcome: async () => ({ fact: { type: 'ClientDemoEnabled', data: {} } }),
}));
