import { runService } from '@alfa-cloud/service-kit';
import { createStandaloneGateway } from './standalone.ts';

await runService(
  'api-gateway',
  (env) => createStandaloneGateway(env, (text) => process.stderr.write(text)),
  process.env,
);
