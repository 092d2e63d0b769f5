import { disableDemo as operation } from '@alfa-cloud/contracts';
import { clientOperation } from '../common/client-operation.ts';
import { demoClearStep } from '../steps/commands.ts';

/** Takes the demo data away, unless it is recorded that there are none; see `enableDemo`. */
export const disableDemo = clientOperation(operation, ({ config }) => ({
  steps: () => ({ demo: demoClearStep(config, ({ demo }) => demo === 'absent') }),
  outcome: async () => ({ fact: { type: 'ClientDemoDisabled', data: {} } }),
}));
