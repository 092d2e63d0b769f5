import { hostService } from '@alfa-cloud/service-host';
import { runService } from '@alfa-cloud/service-kit';
import { readProjectorConfig } from './config.ts';
import { createProjector } from './projector.ts';

await runService(
  'projector',
  async (env) => hostService('projector', readProjectorConfig(env), createProjector),
  process.env,
);
