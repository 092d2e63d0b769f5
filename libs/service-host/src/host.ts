import {
  createHealth,
  createLogger,
  createMetrics,
  startOperationsServer,
  type EnginesConfig,
  type HealthCheck,
  type Logger,
  type Metrics,
  type Service,
} from '@alfa-cloud/service-kit';
import { connectEngines, type Engines } from './engines.ts';

/** A service that says how it is. */
export interface HostedService extends Service {
  /** Checks besides those of the engines. */
  readonly checks: Readonly<Record<string, HealthCheck>>;
}

/**
 * Runs one service as a process of its own: connects the engines, serves health and metrics, stops everything in reverse order.
 */
export const hostService = <Config extends EnginesConfig>(
  name: string,
  config: Config,
  create: (config: Config, deps: Engines & { logger: Logger; metrics: Metrics }) => HostedService,
): Service => {
  const logger = createLogger({ service: name, level: config.logLevel });
  const cleanup: (() => Promise<void>)[] = [];
  return {
    async start() {
      const engines = await connectEngines(config, { name, logger });
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
