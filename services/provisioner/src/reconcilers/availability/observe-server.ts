import type { CloudServer } from '@alfa-cloud/cloud-server';
import { subjects, type AvailabilityObservation, type ClientView } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { Feed, QuerySender } from '@alfa-cloud/messaging';
import type { Clock, Logger, Semaphore } from '@alfa-cloud/service-kit';
import type { CloudServers } from '../../on-server/cloud-servers.ts';
import { loadClient, loadServer } from '../../domain/load.ts';
import { activeClients } from '../../read-models/active-clients.ts';
import type { AvailabilityRecord } from './availability-record.ts';
import { observeImages } from './observe-images.ts';
import { confirmed, isEngineThere, lookAt, serverIsAway, type Look, type LookedAtServer } from './look.ts';

export interface ObserverSettings {
  /** From the begin of a round to the begin of the next, ms. */
  everyMs: number;
  /** Longest wait for one client's answer, ms. */
  probeMs: number;
  /** Clients asked at the same time, over all servers. */
  parallel: number;
  /** Between the two looks after which a client is called unavailable, ms. */
  confirmMs: number;
}

export interface ObservationDeps {
  store: EventStore;
  queries: QuerySender;
  feed: Feed;
  cloudServers: CloudServers;
  clock: Clock;
  logger: Logger;
  settings: ObserverSettings;
  record: AvailabilityRecord;
  /** Looks at the same time, over all servers. */
  slots: Semaphore;
}

/** Looks at every active client of a ready server, records what is new, and says on the live feed what holds. */
export const observeServer = async (
  deps: ObservationDeps,
  serverId: string,
  signal: AbortSignal,
): Promise<void> => {
  const clients: ClientView[] = [];
  for await (const page of activeClients(deps.queries, { serverId }, signal)) clients.push(...page);
  // The read model knows no key material, which the connection may need.
  const { state } = await loadServer(deps.store, serverId);
  if (clients.length === 0 || state.status === 'absent') return;
  const { server } = state;
  const cloud = deps.cloudServers.of(server);
  const checkedAt = deps.clock();
  const isAway = await confirmedAway(deps, cloud, server, clients, signal);
  const held = await Promise.all(
    clients.map(async ({ id, slug }) => {
      const look = isAway ? serverIsAway : await confirmedLook(deps, cloud, server, slug, signal);
      const available = await deps.slots.run(() => deps.record.take(id, look, checkedAt), signal);
      return { id, available };
    }),
  );
  publish(deps, serverId, checkedAt, held);
  if (!isAway) await observeImages(deps, serverId, cloud, clients, signal);
};

/** Looks at one client soon after something has happened to it. Answers whether it is available; null as well when it is not in use. */
export const observeClient = async (
  deps: ObservationDeps,
  serverId: string,
  clientId: string,
  signal: AbortSignal,
): Promise<boolean | null> => {
  const [{ state }, client] = await Promise.all([
    loadServer(deps.store, serverId),
    loadClient(deps.store, clientId),
  ]);
  if (state.status === 'absent' || client.state.status !== 'active') return null;
  const checkedAt = deps.clock();
  const { server } = state;
  const cloud = deps.cloudServers.of(server);
  const look = await confirmedLook(deps, cloud, server, client.state.client.slug, signal);
  const available = await deps.record.take(clientId, look, checkedAt);
  publish(deps, serverId, checkedAt, [{ id: clientId, available }]);
  // It may have been switched to a name that no other client has.
  await observeImages(deps, serverId, cloud, [client.state.client], signal);
  return available ?? null;
};

const confirmedLook = (
  { slots, settings }: ObservationDeps,
  cloud: CloudServer,
  server: LookedAtServer,
  slug: string,
  signal: AbortSignal,
): Promise<Look> => {
  const { probeMs: deadlineMs, confirmMs } = settings;
  return confirmed(() => slots.run(() => lookAt(cloud, server, slug, { deadlineMs, signal }), signal), {
    confirmMs,
    signal,
  });
};

/** One client speaks for a server that is away as a whole: asking each of hundreds would only be waiting. */
const confirmedAway = async (
  deps: ObservationDeps,
  cloud: CloudServer,
  server: LookedAtServer,
  [first]: readonly ClientView[],
  signal: AbortSignal,
): Promise<boolean> => {
  if (first === undefined || (await isEngineThere(cloud, signal))) return false;
  const { available } = await confirmedLook(deps, cloud, server, first.slug, signal);
  return available === null;
};

const publish = (
  { feed }: ObservationDeps,
  serverId: string,
  checkedAt: Date,
  held: readonly { id: string; available: boolean | null | undefined }[],
): void => {
  const observation: AvailabilityObservation = {
    serverId,
    checkedAt: checkedAt.toISOString(),
    clients: held.flatMap(({ id, available }) => (available === undefined ? [] : [{ id, available }])),
  };
  feed.publish(subjects.availability, observation);
};
