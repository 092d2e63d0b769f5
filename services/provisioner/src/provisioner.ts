import { hostname } from 'node:os';
import { newId, type ServerMonitoring } from '@alfa-cloud/contracts';
import { createImageCarrier } from '@alfa-cloud/cloud-server';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import {
  cancelOperationHandler,
  createExecutor,
  retryOperationHandler,
  type OperationObserver,
} from '@alfa-cloud/operations';
import { bulkHandlers, bulkImplementations } from './bulk/index.ts';
import { bulkQueries } from './bulk/bulk-queries.ts';
import { implementationsOf, operationHandlers } from './operations/index.ts';
import type { CommandHandlers, CommandServer, Messaging, QueryServer } from '@alfa-cloud/messaging';
import { openAdminCredentials, type Vault } from '@alfa-cloud/secrets';
import {
  type CloudServers,
  createCloudServers,
  createTryConnection,
  type TryConnection,
} from '@alfa-cloud/servers';
import { recordLateDecision, type HostedService } from '@alfa-cloud/service-host';
import { KeyedSemaphore, systemClock, type Clock, type Logger } from '@alfa-cloud/service-kit';
import { createPlaces, type Places } from './domain/places.ts';
import { clientsLivingOn } from './read-models/clients-living-on.ts';
import type { PageDeps } from './resources/virtual-host/expected-vhost.ts';
import type { ProvisionerConfig } from './config.ts';
import type { Transfer } from './resources/transfer/client-transfer.ts';
import { transferBetweenServers } from './resources/transfer/transfer-between-servers.ts';
import { endPoison } from './operations/poison.ts';
import { createMonitor } from './monitoring/monitor.ts';
import { openSampleStore } from './monitoring/sample-store.ts';
import { copyQueries } from './queries/copy-queries.ts';
import { clientQueries } from './queries/client-queries.ts';
import { untilNoneReboots } from './on-server/while-rebooting.ts';
import { otherImages } from './on-server/other-images.ts';
import { moveQueries } from './queries/move-queries.ts';
import { monitoringQueries } from './queries/monitoring-queries.ts';
import { sshKeyQueries } from './queries/ssh-key-queries.ts';
import { serverQueries } from './queries/server-queries.ts';
import { createProxyFiles, type ProxyFiles } from './resources/server/proxy-files.ts';
import { createReconcilers } from './reconcilers.ts';

export interface ProvisionerDeps {
  messaging: Messaging;
  eventStore: EventStore;
  vault: Vault;
  logger: Logger;
  clock?: Clock;
  /** Connections to servers; a test may wrap what they give out. Default: those of the configuration. The provisioner closes them. */
  cloudServers?: CloudServers;
  /** Connections for a check before they count. Default: as the configuration wants them. */
  tryConnection?: TryConnection;
  /** How the data of clients get from one server to another. Default: by streams between the two. */
  transfer?: Transfer;
  /** Told where every operation is; a test may end the process there. */
  operationObserver?: OperationObserver;
}

/** Longest time that commands under way get to finish when the service stops, in milliseconds. */
const graceMs = 15_000;

/** Composition root of the provisioner. */
export const createProvisioner = (config: ProvisionerConfig, deps: ProvisionerDeps): HostedService => {
  const { messaging, eventStore: store, logger, clock = systemClock } = deps;
  const cloudServers = deps.cloudServers ?? createCloudServers(config, { store, vault: deps.vault, logger });
  const pages: PageDeps = { store, clock, timeZone: config.clients.timeZone };
  const proxyFiles = createProxyFiles({ ...pages, cloudServers, queries: messaging.queries });
  const samples = openSampleStore(config.monitoring.file, (reason) =>
    logger.warn({ reason }, 'earlier samples of the monitoring are lost'),
  );
  const { queries: readModels, feed } = messaging;
  const monitor = createMonitor({
    store,
    queries: readModels,
    feed,
    cloudServers,
    clock,
    logger,
    samples,
    everyMs: config.monitoring.everyMs,
  });
  const { databaseImage, proxyImage } = config.preparation;
  const others = otherImages([databaseImage, proxyImage, ...config.otherImages]);
  const reconcilers = createReconcilers(config, {
    preparation: config.preparation,
    messaging,
    pages,
    vault: deps.vault,
    cloudServers,
    proxyFiles,
    monitor,
    otherImages: others,
    logger,
  });
  const places = createPlaces({
    store,
    count: (serverId, from) => clientsLivingOn(readModels, serverId, from),
  });
  const transfer = deps.transfer ?? transferBetweenServers;
  const monitored = (serverId: string) => monitor.known(serverId);
  let commands: CommandServer | undefined;
  let queries: QueryServer | undefined;
  return {
    checks: {},
    async start() {
      const handlers = commandHandlers(config, {
        ...deps,
        ...pages,
        places,
        monitored,
        cloudServers,
        tryConnection: deps.tryConnection ?? createTryConnection(config),
        proxyFiles,
        transfer,
        onCreated: () => reconcilers.availability.nudge(),
      });
      const planning = {
        ...deps,
        ...pages,
        queries: readModels,
        cloudServers,
        preparation: config.preparation,
        places,
        transfer,
      };
      queries = await messaging.serveQueries('provisioner', {
        ...serverQueries({ store, cloudServers, queries: messaging.queries, otherImages: others }),
        ...monitoringQueries(monitor, clock),
        ...sshKeyQueries({ store }),
        ...clientQueries({ store, vault: deps.vault, cloudServers, timeZone: pages.timeZone }),
        ...copyQueries(planning),
        ...bulkQueries({ store, queries: readModels, cloudServers, places, monitored }),
        ...moveQueries(planning),
      });
      commands = await messaging.serveCommands('provisioner', {
        handlers,
        onPoison: (poison) => endPoison({ store, places, queries: readModels }, poison),
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
      samples.close();
    },
  };
};

const commandHandlers = (
  config: ProvisionerConfig,
  deps: ProvisionerDeps &
    PageDeps & {
      places: Places;
      monitored: (serverId: string) => ServerMonitoring | null;
      cloudServers: CloudServers;
      tryConnection: TryConnection;
      proxyFiles: ProxyFiles;
      transfer: Transfer;
      onCreated: () => void;
    },
): CommandHandlers => {
  const { store, logger, messaging, operationObserver: observer } = deps;
  const { queries } = messaging;
  const execute = createExecutor({
    store,
    logger,
    perServer: config.perServer,
    untilFree: (operation, signal) => untilNoneReboots(store, operation, signal),
    worker: `${hostname()}/${process.pid}/${newId().slice(0, 8)}`,
    ...(observer === undefined ? {} : { observer }),
  });
  const operations = {
    ...deps,
    queries,
    execute,
    config: config.clients,
    preparation: config.preparation,
    carrier: createImageCarrier(config.images.cache),
    imageTransfer: { transferMs: config.images.transferMs, pullMs: config.preparation.pullMs },
    reboot: config.reboot,
    moves: config.moves,
    databaseImage: config.preparation.databaseImage,
    backups: config.backups,
    admission: new KeyedSemaphore(1),
    credentials: () => openAdminCredentials(messaging.buckets),
  };
  const ofOne = implementationsOf(operations);
  const ofMany = bulkImplementations(operations, ofOne);
  return {
    ...operationHandlers(operations),
    ...bulkHandlers(operations, ofMany),
    RetryOperation: retryOperationHandler({ store, execute, implementations: { ...ofOne, ...ofMany } }),
    CancelOperation: cancelOperationHandler(store),
  };
};
