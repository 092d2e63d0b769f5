import { isCloudServerError, type CloudServer } from '@alfa-cloud/cloud-server';
import {
  subjects,
  type AvailabilityObservation,
  type ClientView,
  type ServerView,
} from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { Feed, QuerySender } from '@alfa-cloud/messaging';
import { errorMessage, Semaphore, sleep, type Clock, type Logger } from '@alfa-cloud/service-kit';
import type { CloudServers } from '../cloud-servers.ts';
import { loadServer } from '../load.ts';
import { clientNames } from '../on-server/names.ts';
import { clientHeader } from '../on-server/proxy-configuration.ts';

export interface AvailabilityDeps {
  store: EventStore;
  queries: QuerySender;
  feed: Feed;
  cloudServers: CloudServers;
  clock: Clock;
  logger: Logger;
  settings: AvailabilitySettings;
}

export interface AvailabilitySettings {
  /** From the begin of a round to the begin of the next, ms. */
  everyMs: number;
  /** Longest wait for one client's answer, ms. */
  probeMs: number;
  /** Clients asked at the same time, over all servers. */
  parallel: number;
}

/** Looks regularly whether clients answer through their proxy, and says so on the live feed. */
export interface AvailabilityObserver {
  start(): void;
  /** Asks for a round soon: there may be a new client. */
  nudge(): void;
  stop(): Promise<void>;
}

const pageSize = 100;
/** Time for the read models to take up the event behind a nudge. */
const nudgeMs = 1000;

export const createAvailabilityObserver = (deps: AvailabilityDeps): AvailabilityObserver => {
  const stopped = new AbortController();
  let wake: () => void = () => undefined;
  let running: Promise<void> = Promise.resolve();

  const waitForNextRound = async (milliseconds: number): Promise<void> => {
    const nudged = new Promise<void>((resolve) => (wake = resolve));
    const waiting = new AbortController();
    const either = AbortSignal.any([stopped.signal, waiting.signal]);
    try {
      await Promise.race([
        sleep(milliseconds, either),
        nudged.then(() => sleep(Math.min(nudgeMs, milliseconds), either)),
      ]);
    } finally {
      waiting.abort();
    }
  };
  const keepObserving = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      const begin = performance.now();
      await observeOnce(deps, stopped.signal).catch((error: unknown) => {
        if (!stopped.signal.aborted) {
          deps.logger.warn({ reason: errorMessage(error) }, 'availability could not be observed');
        }
      });
      const left = deps.settings.everyMs - (performance.now() - begin);
      await waitForNextRound(Math.max(0, left)).catch((error: unknown) => {
        if (!stopped.signal.aborted) throw error;
      });
    }
  };
  return {
    start: () => void (running = keepObserving()),
    nudge: () => wake(),
    async stop() {
      stopped.abort(new Error('The service stops'));
      await running;
    },
  };
};

/** One round over all ready servers. */
export const observeOnce = async (deps: AvailabilityDeps, signal: AbortSignal): Promise<void> => {
  const { result } = await deps.queries.ask('ListServers', { active: 'all' }, { signal });
  const slots = new Semaphore(deps.settings.parallel);
  const ready = result.items.filter(({ status }) => status === 'ready');
  await Promise.all(ready.map((server) => observeServer(deps, server, slots, signal)));
};

const observeServer = async (
  deps: AvailabilityDeps,
  server: ServerView,
  slots: Semaphore,
  signal: AbortSignal,
): Promise<void> => {
  const clients = await activeClients(deps.queries, server.id, signal);
  // The read model knows no key material, which the connection may need.
  const { state } = await loadServer(deps.store, server.id);
  if (clients.length === 0 || state.status === 'absent') return;
  const cloud = deps.cloudServers.of(state.server);
  const checkedAt = deps.clock().toISOString();
  const answers = await Promise.all(
    clients.map((client) =>
      slots.run(() => answers200(cloud, server, client, deps.settings.probeMs, signal), signal),
    ),
  );
  const isKnown = answers.some((answer) => answer !== null) || (await isEngineThere(cloud, signal));
  const observation: AvailabilityObservation = {
    serverId: server.id,
    checkedAt,
    clients: clients.map(({ id }, index) => ({
      id,
      available: isKnown ? (answers[index] ?? false) : null,
    })),
  };
  deps.feed.publish(subjects.availability, observation);
};

const activeClients = async (
  queries: QuerySender,
  serverId: string,
  signal: AbortSignal,
): Promise<ClientView[]> => {
  const clients: ClientView[] = [];
  for (let number = 1; ; number += 1) {
    const { result } = await queries.ask(
      'ListClients',
      {
        page: { number, size: pageSize },
        sort: [{ field: 'slug', descending: false }],
        filter: { serverId, status: 'active' },
        includeServers: false,
      },
      { signal },
    );
    clients.push(...result.items);
    if (result.items.length < pageSize) return clients;
  }
};

/** Null when nothing answers on the proxy's port: the client, the proxy, or the whole server may be away. */
const answers200 = async (
  cloud: CloudServer,
  { domain, proxy }: ServerView,
  { slug }: ClientView,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<boolean | null> => {
  try {
    const { host } = clientNames(slug, domain);
    const request = { port: proxy.httpPort, host, path: '/healthz' };
    const { status, headers } = await cloud.get(request, { deadlineMs, signal });
    return status === 200 && headers[clientHeader] === slug;
  } catch (error) {
    if (!isCloudServerError(error)) throw error;
    return null;
  }
};

const isEngineThere = (cloud: CloudServer, signal: AbortSignal): Promise<boolean> =>
  cloud.docker.ping({ deadlineMs: 3000, signal }).then(
    () => true,
    () => false,
  );
