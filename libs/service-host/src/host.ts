import {
  createHealth,
  createLogger,
  createMetrics,
  startOperationsServer,
  type BusConfig,
  type EnginesConfig,
  type HealthCheck,
  type Logger,
  type Metrics,
  type Service,
} from '@alfa-cloud/service-kit';
import { connectBus, connectEngines, type Bus, type Engines } from './engines.ts';

/** A service that reports its health. Every `create<Name>(config, deps)` returns one. */
export interface HostedService extends Service {
  /** Checks besides those of the engines. */
  readonly checks: Readonly<Record<string, HealthCheck>>;
}

/** What the host gives to every service besides the engines. */
export interface HostDeps {
  logger: Logger;
  metrics: Metrics;
}

type Create<Config, Connected> = (config: Config, deps: Connected & HostDeps) => HostedService;

/** Runs a service as a process of its own: connects the engines, serves health and metrics, and stops everything in reverse order. */
export const hostService = <Config extends EnginesConfig>(
  name: string,
  config: Config,
  create: Create<Config, Engines>,
): Service => host(name, config, create, connectEngines);

/** As {@link hostService}, for a service that neither reads nor writes events. */
export const hostBusService = <Config extends BusConfig>(
  name: string,
  config: Config,
  create: Create<Config, Bus>,
): Service => host(name, config, create, connectBus);

const host = <Config extends BusConfig, Connected extends Bus>(
  name: string,
  config: Config,
  create: Create<Config, Connected>,
  connect: (config: Config, options: { name: string; logger: Logger }) => Promise<Connected>,
): Service => {
  const logger = createLogger({ service: name, level: config.logLevel });
  const cleanup: (() => Promise<void>)[] = [];
  return {
    async start() {
      const engines = await connect(config, { name, logger });
      cleanup.unshift(() => engines.close());
      const metrics = createMetrics(name, { process: true });
      const service = create(config, { ...engines, logger, metrics });
      const health = createHealth({ service: name, checks: { ...engines.checks, ...service.checks } });
      const operations = await startOperationsServer({ ...config.operations, health, metrics });
      cleanup.unshift(() => operations.stop());
      cleanup.unshift(() => service.stop());
      await service.start();
    },
    async stop() {
      for (const step of cleanup) await step();
    },
  };
};
