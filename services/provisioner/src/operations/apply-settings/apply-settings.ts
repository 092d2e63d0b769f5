import { applySettings as operation } from '@alfa-cloud/contracts';
import { besideOthers } from '../common/beside-others.ts';
import { optionsSettingsStep } from '../steps/settings.ts';

/** Changes cloud settings and makes the newest recorded ones true in the client's database. */
export const applySettings = besideOthers(operation, (deps) => ({
  key: 'cloud-settings',
  change: ({ quickStart, tutorial }) => ({
    type: 'change_cloud_settings',
    ...(quickStart === undefined ? {} : { quickStart }),
    ...(tutorial === undefined ? {} : { tutorial }),
  }),
  steps: { settings: optionsSettingsStep(deps) },
  result: ({ cloudSettings }) => ({ ...cloudSettings }),
}));
