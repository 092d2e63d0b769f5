import { connectEngines } from '@alfa-cloud/service-host';
import {
  createHealth,
  createLogger,
  createMetrics,
  startOperationsServer,
  type Service,
} from '@alfa-cloud/service-kit';
import type { AlfaCloudConfig } from './config.ts';
import { startEngines, type EnginePids } from './engines.ts';
import { startServices } from './services.ts';

export interface AlfaCloud extends Service {
  /** Address of the API; empty before the start. */
  readonly url: string;
  readonly pids: EnginePids;
}

export interface AlfaCloudOptions {
  /** Called once with the administrator's first password when it was generated here. */
  onFirstPassword?: (login: string, password: string) => void;
}

/** The product in one process: engines as child processes, and the five services on one set of connections. */
export const createAlfaCloud = (config: AlfaCloudConfig, options: AlfaCloudOptions = {}): AlfaCloud => {
  const { logLevel, masterKeyFile, operationsPort } = config;
  const logger = createLogger({ service: 'alfa-cloud', level: logLevel });
  const cleanup: (() => Promise<void>)[] = [];
  let url = '';
  let pids: EnginePids = { nats: undefined, eventStore: undefined };
  return {
    get url() {
      return url;
    },
    get pids() {
      return pids;
    },
    async start() {
      const started = await startEngines(config, logger, cleanup);
      ({ pids } = started);
      const engines = await connectEngines({ ...started, masterKeyFile }, { name: 'alfa-cloud', logger });
      cleanup.unshift(() => engines.close());
      const env = {
        ...config.env,
        NATS_URL: started.natsUrl,
        ESDB_URL: started.eventStoreUrl,
        ALFA_DATA_DIR: config.dataDirectory,
        ALFA_MASTER_KEY_FILE: masterKeyFile,
      };
      const onFirstPassword = options.onFirstPassword ?? (() => undefined);
      const metrics = createMetrics('alfa-cloud', { process: true });
      const services = await startServices({
        env,
        logLevel,
        metrics,
        chosen: config.services,
        engines,
        cleanup,
        onFirstPassword,
      });
      ({ url } = services);
      const operations = await startOperationsServer({
        host: '127.0.0.1',
        port: operationsPort,
        health: createHealth({ service: 'alfa-cloud', checks: services.checks }),
        metrics,
      });
      cleanup.unshift(() => operations.stop());
    },
    async stop() {
      for (const step of cleanup.splice(0)) await step();
    },
  };
};
