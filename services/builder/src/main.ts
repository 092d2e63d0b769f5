import { hostService } from '@alfa-cloud/service-host';
import { runService } from '@alfa-cloud/service-kit';
import { createBuilder } from './builder.ts';
import { readBuilderConfig } from './config.ts';

await runService(
  'builder',
  async (env) => hostService('builder', readBuilderConfig(env), (_config, deps) => createBuilder(deps)),
  process.env,
);
