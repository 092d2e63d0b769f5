import { hostname } from 'node:os';
import { createImageCarrier } from '@alfa-cloud/cloud-server';
import { newId, type BranchRole } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { CommandServer, Messaging, PoisonMessage, QueryServer } from '@alfa-cloud/messaging';
import { ownCause, type OperationObserver } from '@alfa-cloud/operations';
import type { Vault } from '@alfa-cloud/secrets';
import { createCloudServers, type CloudServers } from '@alfa-cloud/servers';
import { recordLateDecision, rejectPoison, type HostedService } from '@alfa-cloud/service-host';
import { systemClock, type Clock, type Logger } from '@alfa-cloud/service-kit';
import { buildQueries } from './builds/queries.ts';
import { endAbandonedBuild } from './builds/record.ts';
import { cleanupQueries } from './cleanup/queries.ts';
import type { BuilderConfig } from './config.ts';
import { operationHandlers } from './operation/index.ts';
import { removeLeftWorkspaces } from './operation/left-workspaces.ts';
import { checkRepositoryHandler, setRepositoryHandler } from './repository/handlers.ts';
import { openRepository } from './repository/open-repository.ts';
import { loadRepository } from './repository/repository-state.ts';
import { repositoryQueries } from './repository/queries.ts';
import { createSource } from './source/create-source.ts';
import type { Source } from './source/source.ts';

export interface BuilderDeps {
  messaging: Messaging;
  eventStore: EventStore;
  vault: Vault;
  logger: Logger;
  /** Default: the system's. */
  clock?: Clock;
  /** Connections to servers; the builder closes them. Default: those of the configuration. */
  cloudServers?: CloudServers;
  /** Where commits come from. Default: the repository that is set. */
  source?: Source;
  /** Told where every operation is; a test may end the process there. */
  operationObserver?: OperationObserver;
}

/** Longest time that commands under way get to finish when the service stops, ms. */
const graceMs = 15_000;

/** Composition root of the builder. */
export const createBuilder = (config: BuilderConfig, deps: BuilderDeps): HostedService => {
  const { messaging, eventStore: store, vault, logger, clock = systemClock } = deps;
  const cloudServers = deps.cloudServers ?? createCloudServers(config, { store, vault, logger });
  const { git } = config.source;
  const repository = () => openRepository({ store, vault, git });
  const source = deps.source ?? createSource({ ...config.source, repository });
  let queries: QueryServer | undefined;
  let commands: CommandServer | undefined;
  const onPoison = async (poison: PoisonMessage): Promise<void> => {
    await rejectPoison(store, poison);
    for (const role of ['dev', 'prod'] as const) await endAbandonedBuild(store, role, ownCause());
  };
  return {
    checks: {},
    async start() {
      await removeLeftWorkspaces(store, config.builds.workspaces).catch((error: unknown) =>
        logger.warn({ err: error }, 'workspaces of builds that were cut off could not be removed'),
      );
      const builds = {
        store,
        queries: messaging.queries,
        cloudServers,
        source,
        dockerfile: async () => (await repository())?.dockerfile ?? 'Dockerfile',
        switchRule: async (role: BranchRole) =>
          (await loadRepository(store)).state?.afterBuild?.[role] ?? null,
        commands: () => messaging.commands,
        carrier: createImageCarrier(config.images.cache),
        config: config.builds,
        clock,
      };
      queries = await messaging.serveQueries('builder', {
        ...repositoryQueries({ store, vault }),
        ...cleanupQueries(builds),
        ...buildQueries(builds),
      });
      commands = await messaging.serveCommands('builder', {
        handlers: {
          SetRepository: setRepositoryHandler({ store, vault, git }),
          CheckRepository: checkRepositoryHandler({ store, vault, git }),
          ...operationHandlers(builds, {
            logger,
            worker: `${hostname()}/${process.pid}/${newId().slice(0, 8)}`,
            perServer: config.perServer,
            observer: deps.operationObserver,
          }),
        },
        onPoison,
        onLateDecision: (decision) => recordLateDecision(store, decision),
        ackWaitMs: config.ackWaitMs,
      });
    },
    async stop() {
      await commands?.stop(graceMs);
      await queries?.stop();
      await cloudServers.close();
    },
  };
};
