import { hostBusService } from '@alfa-cloud/service-host';
import { runService } from '@alfa-cloud/service-kit';
import { createApiGateway } from './api-gateway.ts';
import { readHostedGatewayConfig } from './config.ts';

const onFirstPassword = (login: string, password: string): void => {
  process.stderr.write(`First administrator: ${login} / ${password}\n`);
};

await runService(
  'api-gateway',
  async (env) =>
    hostBusService('api-gateway', readHostedGatewayConfig(env), (config, deps) =>
      createApiGateway(config, { ...deps, onFirstPassword }),
    ),
  process.env,
);
