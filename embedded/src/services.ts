import { createApiGateway, openCredentials, readGatewayConfig, resolveFirst } from '@alfa-cloud/api-gateway';
import { createBuilder } from '@alfa-cloud/builder';
import { createNotifier } from '@alfa-cloud/notifier';
import { createProjector, readProjectorConfig } from '@alfa-cloud/projector';
import { createProvisioner, readProvisionerConfig } from '@alfa-cloud/provisioner';
import type { Engines } from '@alfa-cloud/service-host';
import {
  createLogger,
  createMetrics,
  systemClock,
  type Environment,
  type HealthCheck,
} from '@alfa-cloud/service-kit';

export interface StartedServices {
  /** Where the API answers. */
  url: string;
  checks: Readonly<Record<string, HealthCheck>>;
}

/**
 * Starts the five services on one set of connections, the gateway last.
 * @param cleanup what stops them is put first into it, also when a later one fails to start
 */
export const startServices = async (options: {
  env: Environment;
  logLevel: string;
  engines: Engines;
  cleanup: (() => Promise<void>)[];
  onFirstPassword: (login: string, password: string) => void;
}): Promise<StartedServices> => {
  const { env, logLevel, engines, cleanup, onFirstPassword } = options;
  const depsOf = (service: string) => ({
    ...engines,
    logger: createLogger({ service, level: logLevel }),
    metrics: createMetrics(service),
  });
  const services = [
    createProjector(readProjectorConfig(env), depsOf('projector')),
    createProvisioner(readProvisionerConfig(env), depsOf('provisioner')),
    createBuilder(depsOf('builder')),
    createNotifier(depsOf('notifier')),
  ];
  for (const service of services) {
    cleanup.unshift(() => service.stop());
    await service.start();
  }
  const config = readGatewayConfig(env);
  const deps = depsOf('api-gateway');
  const credentials = await openCredentials({
    connection: engines.messaging.connection,
    first: await resolveFirst(config.firstCredentials),
    onFirstPassword,
    clock: systemClock,
    logger: deps.logger,
  });
  cleanup.unshift(async () => credentials.close());
  const gateway = createApiGateway(config, { ...deps, credentials, clock: systemClock });
  cleanup.unshift(() => gateway.stop());
  await gateway.start();
  const checks = Object.assign({}, engines.checks, ...services.map((service) => service.checks));
  return { url: gateway.address ?? '', checks };
};
