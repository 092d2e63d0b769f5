import { applyExpiry as operation } from '@alfa-cloud/contracts';
import { dayIn } from '../../domain/days.ts';
import { besideOthers } from '../common/beside-others.ts';
import { servedStep } from '../steps/served.ts';
import { expirySettingsStep } from '../steps/settings.ts';
import { vhostStep } from '../steps/vhost.ts';

/** Changes the last day of use and makes the newest recorded one true on the server. */
export const applyExpiry = besideOthers(operation, (deps) => ({
  key: 'expire-date',
  change: ({ expireDate, reason, confirm = false }) => ({
    type: 'change_expire_date',
    to: expireDate,
    today: dayIn(deps.timeZone, deps.clock()),
    reason,
    confirm,
  }),
  steps: {
    settings: expirySettingsStep(deps),
    vhost: vhostStep(deps),
    reachable: servedStep(deps.config),
  },
  result: ({ client }) => ({ expireDate: client.expireDate }),
}));
