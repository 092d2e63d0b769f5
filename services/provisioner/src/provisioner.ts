import { hostname } from 'node:os';
import { newId } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { OperationObserver } from '@alfa-cloud/operations';
import type { CommandHandlers, CommandServer, Messaging, QueryServer } from '@alfa-cloud/messaging';
import { openAdminCredentials, type Vault } from '@alfa-cloud/secrets';
import { recordLateDecision, type HostedService } from '@alfa-cloud/service-host';
import { KeyedSemaphore, systemClock, type Clock, type Logger } from '@alfa-cloud/service-kit';
import { bulkHandler, bulkQueries } from './bulk/bulk-handler.ts';
import { bulkRequests, bulksOf } from './bulk/bulks.ts';
import { createClientCount } from './read-models/client-count.ts';
import { changeClientHandler } from './operations/apply-changes/change-client.ts';
import { changeExpireDateHandler } from './operations/apply-expiry/apply-expiry.ts';
import { clientActions } from './operations/client-actions.ts';
import { clientOperationHandler } from './operations/common/client-operation.ts';
import { createClientHandler } from './operations/create-client/create-client.ts';
import type { PageDeps } from './resources/virtual-host/expected-vhost.ts';
import { changeCloudSettingsHandler } from './operations/apply-settings/apply-settings.ts';
import { createCloudServers, type CloudServers } from './on-server/cloud-servers.ts';
import type { ProvisionerConfig } from './config.ts';
import { cancelOperationHandler } from './operations/cancel-operation.ts';
import { changeAdminCredentialsHandler } from './operations/change-credentials/change-admin-credentials.ts';
import { endPoison } from './operations/poison.ts';
import { createRepeaters } from './operations/repeaters.ts';
import { retryOperationHandler } from './operations/retry-operation.ts';
import { createOperationRunner } from './operations/run-to-end.ts';
import { clientQueries } from './queries/client-queries.ts';
import { otherImages } from './on-server/other-images.ts';
import { serverQueries } from './queries/server-queries.ts';
import type { PeriodicTask } from './reconcilers/periodic-task.ts';
import { changeServerHandler } from './operations/prepare-server/change-server.ts';
import { prepareServerHandler } from './operations/prepare-server/prepare-server.ts';
import { createProxyFiles, type ProxyFiles } from './resources/server/proxy-files.ts';
import { registerServerHandler } from './operations/prepare-server/register-server.ts';
import { removeServerHandler } from './operations/remove-server/remove-server.ts';
import { createReconcilers } from './reconcilers/reconcilers.ts';

export interface ProvisionerDeps {
  messaging: Messaging;
  eventStore: EventStore;
  vault: Vault;
  logger: Logger;
  clock?: Clock;
  /** Connections to servers; a test may wrap what they give out. Default: those of the configuration. The provisioner closes them. */
  cloudServers?: CloudServers;
  /** Told where every operation is; a test may end the process there. */
  operationObserver?: OperationObserver;
}

/** Longest time that commands under way get to finish when the service stops, in milliseconds. */
const graceMs = 15_000;

/** Composition root of the provisioner. */
export const createProvisioner = (config: ProvisionerConfig, deps: ProvisionerDeps): HostedService => {
  const { messaging, eventStore: store, logger, clock = systemClock } = deps;
  const cloudServers = deps.cloudServers ?? createCloudServers(config.local);
  const pages: PageDeps = { store, clock, timeZone: config.clients.timeZone };
  const proxyFiles = createProxyFiles({ ...pages, cloudServers, queries: messaging.queries });
  const reconcilers = createReconcilers(config, {
    messaging,
    pages,
    vault: deps.vault,
    cloudServers,
    proxyFiles,
    logger,
  });
  const { databaseImage, proxyImage } = config.preparation;
  const others = otherImages([databaseImage, proxyImage, ...config.otherImages]);
  let commands: CommandServer | undefined;
  let queries: QueryServer | undefined;
  return {
    checks: {},
    async start() {
      const handlers = commandHandlers(config, {
        ...deps,
        clock,
        cloudServers,
        availability: reconcilers.availability,
        pages,
        proxyFiles,
      });
      queries = await messaging.serveQueries('provisioner', {
        ...serverQueries({ store, cloudServers, queries: messaging.queries, clock, otherImages: others }),
        ...clientQueries({ store, vault: deps.vault, cloudServers, timeZone: pages.timeZone }),
        ...bulkQueries({ store, queries: messaging.queries, cloudServers }),
      });
      commands = await messaging.serveCommands('provisioner', {
        handlers,
        onPoison: (poison) => endPoison(store, poison),
        onLateDecision: (late) => recordLateDecision(store, late),
        ackWaitMs: config.ackWaitMs,
      });
      for (const reconciler of reconcilers.all) reconciler.start();
    },
    async stop() {
      await commands?.stop(graceMs);
      await Promise.all(reconcilers.all.map((reconciler) => reconciler.stop()));
      await queries?.stop();
      await cloudServers.close();
    },
  };
};

const commandHandlers = (
  config: ProvisionerConfig,
  deps: ProvisionerDeps & {
    clock: Clock;
    cloudServers: CloudServers;
    availability: PeriodicTask;
    pages: PageDeps;
    proxyFiles: ProxyFiles;
  },
): CommandHandlers => {
  const { eventStore: store, vault, logger, clock, cloudServers, messaging, availability, pages } = deps;
  const settings = config.clients;
  const run = createOperationRunner({
    store,
    worker: `${hostname()}/${process.pid}/${newId().slice(0, 8)}`,
    logger,
    perServer: config.perServer,
    ...(deps.operationObserver === undefined ? {} : { observer: deps.operationObserver }),
  });
  const common = { store, vault, clock, cloudServers, run };
  const { databaseImage } = config.preparation;
  const keeping = { store, vault, clock, cloudServers, databaseImage, backups: config.backups };
  const { queries } = messaging;
  const actions = clientActions({ keeping, queries, pages, settings });
  const bulk = { ...common, queries, bulkOf: bulksOf({ ...pages, cloudServers }, actions) };
  const clientCount = createClientCount(queries);
  const admission = new KeyedSemaphore(1);
  const preparing = { ...common, settings: config.preparation, proxyFiles: deps.proxyFiles };
  return {
    RegisterServer: registerServerHandler(preparing),
    ChangeServer: changeServerHandler({ ...preparing, clientCount, admission }),
    PrepareServer: prepareServerHandler(preparing),
    RemoveServer: removeServerHandler({ store, vault, clientCount, admission }),
    ChangeAdminCredentials: changeAdminCredentialsHandler({
      store,
      vault,
      clock,
      credentials: () => openAdminCredentials(messaging.buckets),
    }),
    CreateClient: createClientHandler({
      ...common,
      pages,
      settings,
      timeZone: settings.timeZone,
      clientCount,
      admission,
      onEnd: () => availability.nudge(),
    }),
    RebootClient: clientOperationHandler(common, actions.RebootClient),
    EnableMaintenance: clientOperationHandler(common, actions.EnableMaintenance),
    DisableMaintenance: clientOperationHandler(common, actions.DisableMaintenance),
    EnableDemo: clientOperationHandler(common, actions.EnableDemo),
    DisableDemo: clientOperationHandler(common, actions.DisableDemo),
    SetOwnerPassword: clientOperationHandler(common, actions.SetOwnerPassword),
    CountUsers: clientOperationHandler(common, actions.CountUsers),
    ChangeClient: changeClientHandler({ ...common, pages, settings, queries }),
    SwitchImage: clientOperationHandler(common, actions.SwitchImage),
    RollBackImage: clientOperationHandler(common, actions.RollBackImage),
    BackUpClient: clientOperationHandler(common, actions.BackUpClient),
    MigrateClient: clientOperationHandler(common, actions.MigrateClient),
    RestoreClient: clientOperationHandler(common, actions.RestoreClient),
    DeleteClient: clientOperationHandler(common, actions.DeleteClient),
    ChangeExpireDate: changeExpireDateHandler({ ...common, pages, settings }),
    ChangeCloudSettings: changeCloudSettingsHandler({ ...common, pages }),
    SwitchAllImages: bulkHandler(bulk, bulkRequests.SwitchAllImages),
    MigrateAllClients: bulkHandler(bulk, bulkRequests.MigrateAllClients),
    DeployClients: bulkHandler(bulk, bulkRequests.DeployClients),
    RetryOperation: retryOperationHandler(
      store,
      createRepeaters(bulk, actions, { pages, settings, preparing }),
    ),
    CancelOperation: cancelOperationHandler(store),
  };
};
