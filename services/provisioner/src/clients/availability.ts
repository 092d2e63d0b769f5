import { isCloudServerError, type CloudServer } from '@alfa-cloud/cloud-server';
import {
  subjects,
  type AvailabilityObservation,
  type ClientView,
  type ServerView,
} from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { Feed, QuerySender } from '@alfa-cloud/messaging';
import { Semaphore, type Clock, type Logger } from '@alfa-cloud/service-kit';
import type { CloudServers } from '../cloud-servers.ts';
import { loadServer } from '../load.ts';
import { createRounds, type Rounds } from '../rounds.ts';
import { activeClients } from './active-clients.ts';
import { clientNames } from '../on-server/names.ts';
import { clientHeader, healthOfClient } from '../on-server/proxy-configuration.ts';

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
export const createAvailabilityObserver = (deps: AvailabilityDeps): Rounds =>
  createRounds({
    failure: 'availability could not be observed',
    everyMs: deps.settings.everyMs,
    round: (signal) => observeOnce(deps, signal),
    logger: deps.logger,
  });

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
  const clients: ClientView[] = [];
  for await (const page of activeClients(deps.queries, { serverId: server.id }, signal)) {
    clients.push(...page);
  }
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

/**
 * Whether the application answers under the client's own name. It does during maintenance and after the last day as well, since the proxy
 * goes on passing on its health: what visitors see instead is told by the client's other attributes.
 * Null when nothing answers on the proxy's port: the client, the proxy, or the whole server may be away. */
const answers200 = async (
  cloud: CloudServer,
  { domain, proxy }: ServerView,
  { slug }: ClientView,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<boolean | null> => {
  try {
    const { host } = clientNames(slug, domain);
    const request = { port: proxy.httpPort, host, path: healthOfClient };
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
