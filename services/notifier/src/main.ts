import { hostService } from '@alfa-cloud/service-host';
import { runService } from '@alfa-cloud/service-kit';
import { createNotifier } from './notifier.ts';
import { readNotifierConfig } from './config.ts';

await runService(
  'notifier',
  async (env) => hostService('notifier', readNotifierConfig(env), createNotifier),
  process.env,
);
