import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createApiGateway, openCredentials, readGatewayConfig, resolveFirst } from '@alfa-cloud/api-gateway';
import { createBuilder } from '@alfa-cloud/builder';
import { createNotifier } from '@alfa-cloud/notifier';
import { createProjector, readProjectorConfig } from '@alfa-cloud/projector';
import { createProvisioner, readProvisionerConfig } from '@alfa-cloud/provisioner';
import { loadMasterKey } from '@alfa-cloud/secrets';
import { connectEngines, type Engines } from '@alfa-cloud/service-host';
import {
  createHealth,
  createLogger,
  createMetrics,
  startOperationsServer,
  systemClock,
  type Service,
} from '@alfa-cloud/service-kit';
import type { AlfaCloudConfig } from './config.ts';
import { startEventStoreEngine } from './event-store-engine.ts';
import { startNatsEngine } from './nats-engine.ts';

export interface AlfaCloud extends Service {
  /** Where the API answers, once started. */
  readonly url: string;
  /** Of the engines that were started as child processes, between two of their lives undefined. */
  readonly pids: { readonly nats: number | undefined; readonly eventStore: number | undefined };
}

export interface AlfaCloudOptions {
  /** Told the administrator's first password, once, when it was made here. */
  onFirstPassword?(login: string, password: string): void;
}

/** The product in one process: engines as children, the five services here, all on one set of connections. */
export const createAlfaCloud = (config: AlfaCloudConfig, options: AlfaCloudOptions = {}): AlfaCloud => {
  const logger = createLogger({ service: 'alfa-cloud', level: config.logLevel });
  const cleanup: (() => Promise<void>)[] = [];
  const pids: { nats: () => number | undefined; eventStore: () => number | undefined } = {
    nats: () => undefined,
    eventStore: () => undefined,
  };
  let url = '';

  const startEngines = async (): Promise<{ NATS_URL: string; ESDB_URL: string }> => {
    const { dataDirectory, searchPath } = config;
    await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
    await loadMasterKey(config.masterKeyFile, { create: true });
    let { natsUrl, eventStoreUrl } = config;
    if (eventStoreUrl === undefined) {
      const directory = join(dataDirectory, 'event-store');
      const engine = await startEventStoreEngine({ directory, logger, searchPath });
      cleanup.unshift(() => engine.stop());
      pids.eventStore = () => engine.pid;
      eventStoreUrl = engine.url;
    }
    if (natsUrl === undefined) {
      const engine = await startNatsEngine({ directory: join(dataDirectory, 'nats'), logger, searchPath });
      cleanup.unshift(() => engine.stop());
      pids.nats = () => engine.pid;
      natsUrl = engine.url;
    }
    return { NATS_URL: natsUrl, ESDB_URL: eventStoreUrl };
  };

  const startServices = async (env: NodeJS.ProcessEnv, engines: Engines): Promise<void> => {
    const depsOf = (service: string) => ({
      ...engines,
      logger: createLogger({ service, level: config.logLevel }),
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
    const gatewayConfig = readGatewayConfig(env);
    const gatewayDeps = depsOf('api-gateway');
    const credentials = await openCredentials({
      connection: engines.messaging.connection,
      first: await resolveFirst(gatewayConfig.firstCredentials),
      onFirstPassword: (login, password) => options.onFirstPassword?.(login, password),
      clock: systemClock,
      logger: gatewayDeps.logger,
    });
    cleanup.unshift(async () => credentials.close());
    const gateway = createApiGateway(gatewayConfig, { ...gatewayDeps, credentials, clock: systemClock });
    cleanup.unshift(() => gateway.stop());
    await gateway.start();
    url = gateway.address ?? '';
    const checks = Object.assign({}, engines.checks, ...services.map((service) => service.checks));
    await startOperations(env, checks);
  };

  const startOperations = async (
    env: NodeJS.ProcessEnv,
    checks: Parameters<typeof createHealth>[0]['checks'],
  ): Promise<void> => {
    const port = Number(env['ALFA_OPERATIONS_PORT'] ?? 0);
    const operations = await startOperationsServer({
      host: '127.0.0.1',
      port,
      health: createHealth({ service: 'alfa-cloud', checks }),
      metrics: createMetrics('alfa-cloud', { process: true }),
    });
    cleanup.unshift(() => operations.stop());
    logger.info({ port: operations.port }, 'health and metrics answer');
  };

  return {
    get url() {
      return url;
    },
    pids: {
      get nats() {
        return pids.nats();
      },
      get eventStore() {
        return pids.eventStore();
      },
    },
    async start() {
      const addresses = await startEngines();
      const env = {
        ALFA_OPERATIONS_PORT: '0',
        ...config.env,
        ...addresses,
        ALFA_DATA_DIR: config.dataDirectory,
        ALFA_MASTER_KEY_FILE: config.masterKeyFile,
      };
      const engines = await connectEngines(
        {
          natsUrl: addresses.NATS_URL,
          eventStoreUrl: addresses.ESDB_URL,
          masterKeyFile: config.masterKeyFile,
        },
        { name: 'alfa-cloud', logger },
      );
      cleanup.unshift(() => engines.close());
      await startServices(env, engines);
    },
    async stop() {
      for (const step of cleanup.splice(0)) await step();
    },
  };
};
