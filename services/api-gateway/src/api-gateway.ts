import type { HostedService } from '@alfa-cloud/service-host';
import {
  type Clock,
  createHealth,
  type Health,
  type HealthCheck,
  systemClock,
} from '@alfa-cloud/service-kit';
import type { Express } from 'express';
import { createAddressList } from './access/address-list.ts';
import { allowAddresses, allowOrigins } from './access/guards.ts';
import { createStoredCredentials, type StoredCredentials } from './adapters/stored-credentials.ts';
import { createAuthentication } from './authentication/authenticate.ts';
import { readFirstCredentials } from './authentication/first-credentials.ts';
import { serveClient } from './client-files/serve-client.ts';
import { createCommandGate } from './commands/send-command.ts';
import { builtConsole, serveConsole } from './console/serve-console.ts';
import type { GatewayConfig } from './config.ts';
import { describeApi } from './description/describe-api.ts';
import { descriptionRoute } from './description/description-route.ts';
import { docsRoutes } from './docs/docs-routes.ts';
import { healthRoutes } from './health-routes.ts';
import { serveGitHook } from './hooks/serve-git-hook.ts';
import { createApp } from './http/app.ts';
import { readsInOrder } from './http/reads.ts';
import { NewestPosition } from './http/position.ts';
import { createRequestReader } from './http/read-request.ts';
import type { Route } from './http/route.ts';
import { createHttpServer } from './http/server.ts';
import { servePasswordPages } from './password-page/serve-page.ts';
import type { CredentialsStore, GatewayDeps } from './ports.ts';
import { apiRoutes } from './routes.ts';
import type { RouteServices } from './services.ts';

export interface ApiGateway extends HostedService {
  readonly app: Express;
  readonly health: Health;
  /** The table from which the server is made. */
  readonly routes: readonly Route[];
  /** Where it listens, `http://host:port`; null while it does not. */
  readonly address: string | null;
  start(): Promise<void>;
  /** Takes no new request, ends log streams so that their readers come back, lets running requests finish. */
  stop(): Promise<void>;
}

/** Longest time that the readiness check waits for the projector. */
const projectorWaitMs = 1500;

/** Composition root of the gateway. Nothing listens before `start`. */
export const createApiGateway = (config: GatewayConfig, deps: GatewayDeps): ApiGateway => {
  const { messaging, vault, logger, metrics, clock = systemClock } = deps;
  const stored = credentialsInStore(config, deps, clock);
  const credentials = deps.credentials ?? stored;
  const stopping = new AbortController();
  const newest = new NewestPosition();
  const { commands, queries, feed, receipts } = messaging;
  const { replyWaitMs, monitoringWaitMs, streamsMax, ownerPasswordMaxBytes } = config;
  const services: RouteServices = {
    queries: readsInOrder(queries, newest),
    feed,
    receipts,
    vault,
    logger,
    clock,
    monitoringWaitMs,
    streamsMax,
    ownerPasswordMaxBytes,
    commands: createCommandGate({ commands, vault, clock, newest, replyWaitMs }),
  };
  const checks = healthChecks(deps, credentials);
  const health = createHealth({ service: 'api-gateway', checks });
  const authentication = createAuthentication({ credentials, metrics });
  let described: unknown;
  const describe = () => (described ??= describeApi(routes));
  const routes: readonly Route[] = [
    ...healthRoutes(health),
    ...apiRoutes(services, { authentication, credentials }),
    descriptionRoute(describe),
    ...docsRoutes(describe),
  ];
  const app = createApp({
    trustProxy: config.trustProxy,
    before: [servePasswordPages({ queries, vault, logger }), serveGitHook(services, config.hookAddresses)],
    allowAddresses: allowAddresses(createAddressList(config.allowedAddresses)),
    console: config.hasConsole ? serveConsole(builtConsole) : null,
    allowOrigins: allowOrigins(config.allowedOrigins),
    client: serveClient(),
    authenticate: authentication.handler,
    routes,
    newest,
    reader: createRequestReader({ bodyLimitBytes: config.bodyLimitBytes, newest, stopping: stopping.signal }),
    logger,
    metrics,
    stopping: stopping.signal,
  });
  const server = createHttpServer(app, config);
  return {
    app,
    checks,
    health,
    routes,
    get address() {
      return server.address;
    },
    async start() {
      if (deps.credentials === undefined) await stored.open();
      await server.start();
      logger.info({ address: server.address }, 'listening');
    },
    async stop() {
      stopping.abort();
      await server.stop(config.stopGraceMs);
      authentication.stop();
      stored.close();
    },
  };
};

const credentialsInStore = (config: GatewayConfig, deps: GatewayDeps, clock: Clock): StoredCredentials => {
  const { logger } = deps;
  return createStoredCredentials({
    buckets: deps.messaging.buckets,
    first: () => readFirstCredentials(config.firstCredentials),
    onFirstPassword: deps.onFirstPassword ?? (() => {}),
    clock,
    onPutBack: () =>
      logger.warn("NATS had lost the administrator's credentials; those that are valid were stored again"),
    onNotPutBack: (error) =>
      logger.error(
        { err: error },
        "NATS has lost the administrator's credentials, and they could not be stored again",
      ),
  });
};

const healthChecks = (
  { messaging }: GatewayDeps,
  credentials: CredentialsStore,
): Record<string, HealthCheck> => ({
  messaging: async () => {
    if (!messaging.isConnected()) throw new Error('not connected');
  },
  credentials: async () => {
    if (credentials.current() === null) throw new Error('not known yet');
  },
  projector: async () => {
    const query = { page: { number: 1, size: 1 }, filter: {} };
    await messaging.queries.ask('ListOperations', query, { timeoutMs: projectorWaitMs });
  },
});
