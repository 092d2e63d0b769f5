import { hostService } from '@alfa-cloud/service-host';
import { runService } from '@alfa-cloud/service-kit';
import { createBuilder } from './builder.ts';
import { readBuilderConfig } from './config.ts';

await runService(
  'builder',
  async (env) => hostService('builder', readBuilderConfig(env), createBuilder),
  process.env,
);
