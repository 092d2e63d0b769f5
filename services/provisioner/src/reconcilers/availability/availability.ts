import { Semaphore, sleep } from '@alfa-cloud/service-kit';
import { serversInUse } from '../../read-models/in-use.ts';
import type { PeriodicTask } from '../periodic-task.ts';
import { createReconciler } from '../reconciler.ts';
import { createWorkQueue } from '../work-queue.ts';
import { createAvailabilityRecord } from './availability-record.ts';
import { createServerFollowers } from './follow-servers.ts';
import { observeServerImages } from './observe-images.ts';
import { observeClient, observeImagesOf, observeServer, type ObservationDeps } from './observe-server.ts';

export interface AvailabilityDeps extends Omit<ObservationDeps, 'record' | 'slots'> {
  /** Called when something has happened to a server's own containers, or could not be heard. */
  onServer?(serverId: string): void;
}

/** Pauses between the looks at a client after an event of its container, ms: its application takes a while to start. */
const pausesMs = [0, 1000, 2000, 2000, 2000, 2000, 2000] as const;

/**
 * Observes which clients answer through their proxy: all of them in rounds, and one at once when the Docker Engine tells of an event of its
 * container. A client is unavailable after two failed looks in a row. Changes become events.
 */
export const createAvailabilityReconciler = (given: AvailabilityDeps): PeriodicTask => {
  const { config, logger } = given;
  const record = createAvailabilityRecord(given.store, given.clock);
  const deps: ObservationDeps = { ...given, record, slots: new Semaphore(config.parallel) };
  const servers = createReconciler<{ id: string; isAfterEvent?: true }>({
    name: 'availability',
    idName: 'serverId',
    everyMs: config.everyMs,
    // The looks have a bound of their own.
    parallel: Infinity,
    async *choose(signal) {
      const inUse = await serversInUse(deps.queries, signal);
      followers.sync(inUse.map(({ id }) => id));
      record.sweep();
      yield* inUse;
    },
    async reconcile({ id, isAfterEvent }, signal) {
      const unavailable = await observeServer(deps, id, signal);
      await observeServerImages(deps, id, signal);
      // An engine that has come back has started its containers before its events could be heard.
      if (isAfterEvent) for (const clientId of unavailable) void clients.add({ id: clientId, serverId: id });
    },
    logger,
  });
  const common = { failure: 'availability not observed', parallel: Infinity, signal: servers.signal, logger };
  const clients = createWorkQueue<{ id: string; serverId: string }>({
    ...common,
    idName: 'clientId',
    async work({ id, serverId }, signal, isQueuedAgain) {
      for (const pauseMs of pausesMs) {
        await sleep(pauseMs, signal);
        if (isQueuedAgain() || (await observeClient(deps, serverId, id, signal)) === true) return;
      }
    },
  });
  const images = createWorkQueue<{ id: string }>({
    ...common,
    idName: 'serverId',
    work: ({ id }, signal) => observeImagesOf(deps, id, signal),
  });
  const followers = createServerFollowers({
    ...deps,
    onClient: (serverId, id) => void clients.add({ id, serverId }),
    onImage: (id) => void images.add({ id }),
    onServer(id) {
      void servers.soon({ id, isAfterEvent: true });
      given.onServer?.(id);
    },
  });
  return {
    start: () => servers.start(),
    nudge: () => servers.nudge(),
    async stop() {
      await Promise.all([servers.stop(), followers.stop()]);
      await Promise.all([clients.idle(), images.idle()]);
    },
  };
};
