import { readFile } from 'node:fs/promises';
import { connectBus } from '@alfa-cloud/service-host';
import {
  createLogger,
  createMetrics,
  type Environment,
  readConfig,
  type Service,
  startOperationsServer,
  systemClock,
} from '@alfa-cloud/service-kit';
import { openCredentials } from './adapters/stored-credentials.ts';
import { createApiGateway } from './api-gateway.ts';
import { type FirstCredentials, readGatewayConfig } from './config.ts';

const service = 'api-gateway';

/**
 * The gateway as a process of its own: NATS, vault and credentials connected, operations server beside it.
 * @param tell prints the first password, once
 */
export const createStandaloneGateway = async (
  env: Environment,
  tell: (text: string) => void,
): Promise<Service> => {
  const config = readGatewayConfig(env);
  const process = readConfig(env, (read) => ({
    natsUrl: read.string('NATS_URL', 'nats://127.0.0.1:4222'),
    masterKeyFile: read.string('ALFA_MASTER_KEY_FILE'),
    logLevel: read.string('ALFA_LOG_LEVEL', 'info'),
    operationsHost: read.string('ALFA_OPERATIONS_HOST', '127.0.0.1'),
    operationsPort: read.integer('ALFA_OPERATIONS_PORT', { default: 9100, min: 0, max: 65_535 }),
  }));
  const logger = createLogger({ service, level: process.logLevel });
  const metrics = createMetrics(service, { process: true });
  const { messaging, vault, close } = await connectBus(process, { name: service, logger });
  const credentials = await openCredentials({
    buckets: messaging.buckets,
    first: await resolveFirst(config.firstCredentials),
    onFirstPassword: (login, password) => tell(`First administrator: ${login} / ${password}\n`),
    clock: systemClock,
  });
  const gateway = createApiGateway(config, {
    messaging,
    vault,
    credentials,
    logger,
    metrics,
    clock: systemClock,
  });
  const operations = await startOperationsServer({
    host: process.operationsHost,
    port: process.operationsPort,
    health: gateway.health,
    metrics,
  });
  return {
    start: () => gateway.start(),
    async stop() {
      await gateway.stop();
      await operations.stop();
      credentials.close();
      await close();
    },
  };
};

/** The first password, read from its file when it stands in one. */
export const resolveFirst = async ({
  login,
  password,
  passwordFile,
}: FirstCredentials): Promise<{ login: string; password?: string }> => {
  if (passwordFile !== undefined) return { login, password: (await readFile(passwordFile, 'utf8')).trim() };
  return password === undefined ? { login } : { login, password };
};
