import { subjects } from '@alfa-cloud/contracts';
import type { EventStoreConnection } from '@alfa-cloud/event-sourcing';
import type { Messaging, QueryServer } from '@alfa-cloud/messaging';
import type { Vault } from '@alfa-cloud/secrets';
import type { HostedService } from '@alfa-cloud/service-host';
import { systemClock, type Clock, type Logger, type Metrics } from '@alfa-cloud/service-kit';
import type { ProjectorConfig } from './config.ts';
import { Projection } from './projection/projection.ts';
import { projectorMetrics } from './projection/projector-metrics.ts';
import { queryHandlers } from './serving/serve.ts';
import { waitersMax } from './read-models/positions.ts';

export interface ProjectorDeps {
  eventStore: Pick<EventStoreConnection, 'client' | 'read' | 'newestPosition'>;
  messaging: Pick<Messaging, 'serveQueries' | 'feed'>;
  vault: Pick<Vault, 'open'>;
  logger: Logger;
  metrics: Metrics;
  clock?: Clock;
}

/** Queries under way at the same time: those that wait for their position must not keep out the others. */
const queryConcurrency = waitersMax + 64;

/**
 * Composition root of the projector: read models built from the events, and the queries that they answer.
 * Starts whether or not the event store is there; what was projected before is answered meanwhile.
 */
export const createProjector = (
  config: Pick<ProjectorConfig, 'readModelsFiles'>,
  deps: ProjectorDeps,
): HostedService => {
  const { messaging, vault, logger, clock = systemClock } = deps;
  const metrics = projectorMetrics(deps.metrics);
  const projection = new Projection(config.readModelsFiles, {
    client: deps.eventStore.client,
    vault,
    feed: messaging.feed,
    logger,
    metrics,
    clock,
  });
  let queries: QueryServer | null = null;
  const stopObserving: (() => void)[] = [];
  return {
    checks: { projection: async () => projection.describe() },
    async start() {
      await projection.start();
      const { feed } = messaging;
      stopObserving.push(
        feed.subscribe(subjects.availability, (message) => projection.recordAvailability(message)),
        feed.subscribe(subjects.serverHealth, (message) => projection.recordHealth(message)),
        feed.subscribe(subjects.imagesOnServer, (message) => projection.recordImages(message)),
        feed.subscribe(subjects.serverImages, (message) => projection.recordServerImages(message)),
      );
      const handlers = queryHandlers({ projection, metrics, eventStore: deps.eventStore, vault, logger });
      queries = await messaging.serveQueries('projector', handlers, {
        concurrency: queryConcurrency,
        position: () => projection.positions.told,
      });
    },
    async stop() {
      for (const stopOne of stopObserving) stopOne();
      projection.positions.release();
      await queries?.stop();
      await projection.stop();
    },
  };
};
