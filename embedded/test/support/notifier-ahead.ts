/** The notifier as a process to which it is `AHEAD_S` seconds later than to others: what a dead one had in hand is due to it at once. */
import { createNotifier, readNotifierConfig } from '@alfa-cloud/notifier';
import { hostService } from '@alfa-cloud/service-host';
import { runService } from '@alfa-cloud/service-kit';

const aheadMs = Number(process.env['AHEAD_S']) * 1000;

await runService(
  'notifier',
  async (env) =>
    hostService('notifier', readNotifierConfig(env), (config, deps) =>
      createNotifier(config, { ...deps, clock: () => new Date(Date.now() + aheadMs) }),
    ),
  process.env,
);
