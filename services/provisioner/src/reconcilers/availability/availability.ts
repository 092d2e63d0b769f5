import { errorMessage, Semaphore, sleep } from '@alfa-cloud/service-kit';
import { coalesced } from '../coalesced.ts';
import { createRounds, type Rounds } from '../periodic-task.ts';
import { isInUse } from '../../read-models/active-clients.ts';
import { createAvailabilityRecord } from './availability-record.ts';
import { createServerFollowers } from './follow-servers.ts';
import { observeImagesOf } from './observe-images.ts';
import { observeClient, observeServer, type ObservationDeps } from './observe-server.ts';

export interface ObserverDeps extends Omit<ObservationDeps, 'record' | 'slots'> {
  /** Told when something has happened to a server's own containers, or was not heard of. */
  onServer?(serverId: string): void;
}

/** Pauses between the looks after an event, ms: an application needs a while after its container has started. Rounds do the rest. */
const pausesMs = [0, 1000, 2000, 2000, 2000, 2000, 2000] as const;

const failure = 'availability could not be observed';

/**
 * Knows which clients answer through their proxy. It looks at all of them regularly, and at once at those to whose container something
 * has happened, by the events of the Docker Engines. A client is unavailable after two failed looks in a row; what changes becomes an event.
 */
export const createObserver = (given: ObserverDeps): Rounds => {
  const record = createAvailabilityRecord(given.store, given.clock);
  const deps: ObservationDeps = { ...given, record, slots: new Semaphore(given.settings.parallel) };
  const stopped = new AbortController();
  const { signal } = stopped;
  const failed = (of: string, error: unknown) => {
    if (!signal.aborted) deps.logger.warn({ of, reason: errorMessage(error) }, failure);
  };
  const observe = coalesced((serverId) => observeServer(deps, serverId, signal), failed);
  const settle = coalesced(async (key, isOverdue) => {
    const [serverId = '', clientId = ''] = key.split(' ');
    for (const pauseMs of pausesMs) {
      await sleep(pauseMs, signal);
      if (isOverdue() || (await observeClient(deps, serverId, clientId, signal)) === true) return;
    }
  }, failed);
  const observeNames = coalesced((serverId) => observeImagesOf(deps, serverId, signal), failed);
  const followers = createServerFollowers({
    ...deps,
    onClient: (serverId, clientId) => void settle.soon(`${serverId} ${clientId}`),
    onImage: (serverId) => void observeNames.soon(serverId),
    onServer(serverId) {
      void observe.soon(serverId);
      given.onServer?.(serverId);
    },
  });
  const rounds = createRounds({
    failure,
    everyMs: deps.settings.everyMs,
    async round() {
      const { result } = await deps.queries.ask('ListServers', { active: 'all' }, { signal });
      const inUse = result.items.filter(isInUse).map(({ id }) => id);
      followers.sync(inUse);
      record.sweep();
      await Promise.all(inUse.map((id) => observe.soon(id)));
    },
    logger: deps.logger,
  });
  return {
    start: () => rounds.start(),
    nudge: () => rounds.nudge(),
    async stop() {
      stopped.abort(new Error('The service stops'));
      await Promise.all([rounds.stop(), followers.stop()]);
      await Promise.all([observe.ended(), settle.ended(), observeNames.ended()]);
    },
  };
};
