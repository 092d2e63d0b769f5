import { createApiGateway, openCredentials, readGatewayConfig, resolveFirst } from '@alfa-cloud/api-gateway';
import { createBuilder } from '@alfa-cloud/builder';
import { createNotifier } from '@alfa-cloud/notifier';
import { createProjector, readProjectorConfig } from '@alfa-cloud/projector';
import { createProvisioner, readProvisionerConfig } from '@alfa-cloud/provisioner';
import type { ServiceName } from '@alfa-cloud/contracts';
import type { Engines, HostedService } from '@alfa-cloud/service-host';
import {
  createLogger,
  systemClock,
  type Environment,
  type HealthCheck,
  type Metrics,
} from '@alfa-cloud/service-kit';

export interface StartedServices {
  /** Where the API answers. */
  url: string;
  checks: Readonly<Record<string, HealthCheck>>;
}

/**
 * Starts the services chosen, on one set of connections, the gateway last.
 * @param cleanup what stops them is put first into it, also when a later one fails to start
 */
export const startServices = async (options: StartServicesOptions): Promise<StartedServices> => {
  const { engines, cleanup, chosen } = options;
  const services = chosen.flatMap((name) => {
    const create = workers[name];
    return create === undefined ? [] : [create(options.env, depsOf(options, name))];
  });
  for (const service of services) {
    cleanup.unshift(() => service.stop());
    await service.start();
  }
  const url = chosen.includes('api-gateway') ? await startGateway(options) : '';
  return { url, checks: Object.assign({}, engines.checks, ...services.map(({ checks }) => checks)) };
};

interface StartServicesOptions {
  env: Environment;
  logLevel: string;
  /** Shared by all: names of measurements begin with the service's. */
  metrics: Metrics;
  chosen: readonly ServiceName[];
  engines: Engines;
  cleanup: (() => Promise<void>)[];
  onFirstPassword: (login: string, password: string) => void;
}

type Deps = ReturnType<typeof depsOf>;

const depsOf = ({ engines, logLevel, metrics }: StartServicesOptions, service: ServiceName) => ({
  ...engines,
  logger: createLogger({ service, level: logLevel }),
  metrics,
});

const workers: { readonly [Name in ServiceName]?: (env: Environment, deps: Deps) => HostedService } = {
  projector: (env, deps) => createProjector(readProjectorConfig(env), deps),
  provisioner: (env, deps) => createProvisioner(readProvisionerConfig(env), deps),
  builder: (_env, deps) => createBuilder(deps),
  notifier: (_env, deps) => createNotifier(deps),
};

const startGateway = async (options: StartServicesOptions): Promise<string> => {
  const { env, engines, cleanup, onFirstPassword } = options;
  const config = readGatewayConfig(env);
  const deps = depsOf(options, 'api-gateway');
  const credentials = await openCredentials({
    buckets: engines.messaging.buckets,
    first: await resolveFirst(config.firstCredentials),
    onFirstPassword,
    clock: systemClock,
  });
  cleanup.unshift(async () => credentials.close());
  const gateway = createApiGateway(config, { ...deps, credentials, clock: systemClock });
  cleanup.unshift(() => gateway.stop());
  await gateway.start();
  return gateway.address ?? '';
};
