import type { Messaging } from '@alfa-cloud/messaging';
import type { Vault } from '@alfa-cloud/secrets';
import type { Logger } from '@alfa-cloud/service-kit';
import { createKeeper } from './backups/backups.ts';
import { createObserver } from './availability/availability.ts';
import type { PageDeps } from '../resources/virtual-host/expected-vhost.ts';
import { createPageWatch } from './pages/pages.ts';
import { createSettingsWatch } from './cloud-settings/cloud-settings.ts';
import type { CloudServers } from '../on-server/cloud-servers.ts';
import type { ProvisionerConfig } from '../config.ts';
import type { Rounds } from './periodic-task.ts';
import { createServerWatch } from './server-health/server-health.ts';
import type { ProxyFiles } from '../resources/server/proxy-files.ts';

export interface WatchesDeps {
  messaging: Messaging;
  pages: PageDeps;
  vault: Vault;
  cloudServers: CloudServers;
  proxyFiles: ProxyFiles;
  logger: Logger;
}

/** Everything that the provisioner does again and again by itself. */
export interface Watches {
  availability: Rounds;
  /** All of them, to be started and stopped. */
  loops: readonly Pick<Rounds, 'start' | 'stop'>[];
}

export const createWatches = (config: ProvisionerConfig, deps: WatchesDeps): Watches => {
  const { messaging, pages, vault, cloudServers, proxyFiles, logger } = deps;
  const common = { ...pages, queries: messaging.queries, vault, cloudServers, logger };
  const serverWatch = createServerWatch({
    ...common,
    feed: messaging.feed,
    settings: config.preparation,
    proxyFiles,
    watch: config.serverWatch,
  });
  const availability = createObserver({
    ...common,
    feed: messaging.feed,
    settings: config.availability,
    onServer: (serverId) => serverWatch.soon(serverId),
  });
  const pageWatch = createPageWatch({ ...common, settings: config.pageWatch });
  const settingsWatch = createSettingsWatch({ ...common, settings: config.settingsWatch });
  const keeper = createKeeper({ ...common, commands: () => messaging.commands, settings: config.keeper });
  return { availability, loops: [availability, pageWatch, keeper, settingsWatch, serverWatch] };
};
