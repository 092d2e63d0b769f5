import { createApiGateway, readGatewayConfig, type ApiGateway } from '@alfa-cloud/api-gateway';
import { createBuilder, readBuilderConfig } from '@alfa-cloud/builder';
import { createNotifier, readNotifierConfig } from '@alfa-cloud/notifier';
import { createProjector, readProjectorConfig } from '@alfa-cloud/projector';
import { createProvisioner, readProvisionerConfig } from '@alfa-cloud/provisioner';
import type { ServiceName } from '@alfa-cloud/contracts';
import type { Engines, HostDeps, HostedService } from '@alfa-cloud/service-host';
import { createLogger, type Environment, type HealthCheck, type Metrics } from '@alfa-cloud/service-kit';

export interface StartedServices {
  /** Address of the API; empty when the gateway is not among the services. */
  url: string;
  checks: Readonly<Record<string, HealthCheck>>;
}

interface StartServicesOptions {
  env: Environment;
  logLevel: string;
  /** Shared by all services; the names of metrics begin with the service's name. */
  metrics: Metrics;
  chosen: readonly ServiceName[];
  engines: Engines;
  cleanup: (() => Promise<void>)[];
  onFirstPassword: (login: string, password: string) => void;
}

/**
 * Starts the chosen services in their order, on one set of connections.
 * @param options.cleanup gets the functions that stop them at its front, also when a later service fails to start
 */
export const startServices = async (options: StartServicesOptions): Promise<StartedServices> => {
  const { env, engines, logLevel, metrics, cleanup, chosen, onFirstPassword } = options;
  let gateway: ApiGateway | undefined;
  const create: Record<ServiceName, (deps: Engines & HostDeps) => HostedService> = {
    projector: (deps) => createProjector(readProjectorConfig(env), deps),
    provisioner: (deps) => createProvisioner(readProvisionerConfig(env), deps),
    builder: (deps) => createBuilder(readBuilderConfig(env), deps),
    notifier: (deps) => createNotifier(readNotifierConfig(env), deps),
    'api-gateway': (deps) =>
      (gateway = createApiGateway(readGatewayConfig(env), { ...deps, onFirstPassword })),
  };
  const services = chosen.map((name) =>
    create[name]({ ...engines, logger: createLogger({ service: name, level: logLevel }), metrics }),
  );
  for (const service of services) {
    cleanup.unshift(() => service.stop());
    await service.start();
  }
  const checks = Object.assign({}, engines.checks, ...services.map((service) => service.checks));
  return { url: gateway?.address ?? '', checks };
};
