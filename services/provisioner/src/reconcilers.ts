import type { Messaging } from '@alfa-cloud/messaging';
import type { Vault } from '@alfa-cloud/secrets';
import type { CloudServers } from '@alfa-cloud/servers';
import type { Logger } from '@alfa-cloud/service-kit';
import type { ReconcilersConfig } from './config/reconcilers.ts';
import type { Monitor } from './monitoring/monitor.ts';
import type { OtherImages } from './on-server/other-images.ts';
import type { PreparationConfig } from './on-server/preparation.ts';
import type { ProxyFiles } from './resources/server/proxy-files.ts';
import type { PageDeps } from './resources/virtual-host/expected-vhost.ts';
import { createAlertKeeper } from './reconcilers/alerts/alert-keeper.ts';
import { createAvailabilityReconciler } from './reconcilers/availability/availability.ts';
import { createBackupExpiry } from './reconcilers/backups/backup-expiry.ts';
import { createBackupScheduler } from './reconcilers/backups/backup-schedule.ts';
import { createCloudSettingsReconciler } from './reconcilers/cloud-settings/cloud-settings.ts';
import { createHoldKeeper } from './reconcilers/moves/hold-keeper.ts';
import { createPageReconciler } from './reconcilers/pages/pages.ts';
import { createSampler, type SamplerConfig } from './reconcilers/monitoring/sampler.ts';
import type { PeriodicTask } from './reconcilers/periodic-task.ts';
import { createServerHealthReconciler } from './reconcilers/server-health/server-health.ts';

export interface ReconcilersDeps {
  /** What a server should have on it. */
  preparation: PreparationConfig;
  messaging: Messaging;
  pages: PageDeps;
  vault: Vault;
  cloudServers: CloudServers;
  proxyFiles: ProxyFiles;
  monitor: Monitor;
  otherImages: OtherImages;
  logger: Logger;
}

/** Everything that the provisioner does by itself, again and again. */
export interface Reconcilers {
  availability: PeriodicTask;
  /** All of them, to be started and stopped. */
  all: readonly Pick<PeriodicTask, 'start' | 'stop'>[];
}

export const createReconcilers = (
  config: ReconcilersConfig & { monitoring: SamplerConfig },
  deps: ReconcilersDeps,
): Reconcilers => {
  const { messaging, pages, vault, cloudServers, proxyFiles, logger } = deps;
  const { queries, feed } = messaging;
  const common = { ...pages, queries, feed, vault, cloudServers, logger };
  const alerts = createAlertKeeper({ ...common, config: config.alerts });
  const serverHealth = createServerHealthReconciler({
    ...common,
    proxyFiles,
    preparationConfig: deps.preparation,
    config: config.serverHealth,
    onLook: (id, findings) => alerts.onHealth(id, findings),
  });
  const availability = createAvailabilityReconciler({
    ...common,
    config: config.availability,
    otherImages: deps.otherImages,
    onObserved: (id, clients) => alerts.onClients(id, clients),
    onServer: (id) => void serverHealth.soon({ id }),
  });
  const backups = { ...common, commands: () => messaging.commands, config: config.backupSchedule };
  return {
    availability,
    all: [
      serverHealth,
      availability,
      createPageReconciler({ ...common, config: config.pages }),
      createCloudSettingsReconciler({ ...common, config: config.cloudSettings }),
      createBackupScheduler(backups),
      createBackupExpiry(backups),
      createHoldKeeper({ ...backups, config: config.holds }),
      createSampler({
        ...common,
        monitor: deps.monitor,
        config: config.monitoring,
        onSample: async (id, monitoring) => {
          if (monitoring !== null) await alerts.onSample(id, monitoring);
        },
      }),
    ],
  };
};
