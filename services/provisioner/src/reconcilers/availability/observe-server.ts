import { subjects, type AvailabilityObservation } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { Feed, QuerySender } from '@alfa-cloud/messaging';
import { type CloudServers, isRebooting, loadServer } from '@alfa-cloud/servers';
import type { Clock, Logger, Semaphore } from '@alfa-cloud/service-kit';
import { loadClient } from '../../domain/load.ts';
import type { OtherImages } from '../../on-server/other-images.ts';
import { loadClientsOfServer, type ClientsOfServer } from '../clients-of-server.ts';
import { isEngineThere } from '../engine.ts';
import type { AvailabilityRecord } from './availability-record.ts';
import { confirmed, lookAt, serverIsAway, serverIsRebooting, type Look } from './look.ts';
import { observeImages, observeServerImages } from './observe-images.ts';

export interface AvailabilityConfig {
  /** From the begin of a round to the begin of the next, ms. */
  everyMs: number;
  /** Longest wait for one client's answer, ms. */
  probeMs: number;
  /** Clients asked at the same time, over all servers. */
  parallel: number;
  /** Between the two looks after which a client is called unavailable, ms. */
  confirmMs: number;
}

/** A client as it was looked at. */
export interface ObservedClient {
  slug: string;
  available: boolean | null;
  /** An operation has it for itself. */
  isBusy: boolean;
}

export interface ObservationDeps {
  store: EventStore;
  queries: QuerySender;
  feed: Feed;
  cloudServers: CloudServers;
  clock: Clock;
  logger: Logger;
  config: AvailabilityConfig;
  record: AvailabilityRecord;
  /** Told of all clients of a server after each round of looks at them. */
  onObserved?(serverId: string, clients: readonly ObservedClient[]): Promise<void>;
  /** Images that are none of clients. */
  otherImages: OtherImages;
  /** Bound on looks at the same time, over all servers. */
  slots: Semaphore;
}

/** Looks at every client in use on a server, records what has changed, and publishes what holds. Answers which are unavailable. */
export const observeServer = async (
  deps: ObservationDeps,
  serverId: string,
  signal: AbortSignal,
): Promise<string[]> => {
  const found = await loadClientsOfServer(deps, serverId, signal);
  if (found === null) {
    await deps.onObserved?.(serverId, []);
    return [];
  }
  const checkedAt = deps.clock();
  const isAway = await isServerAway(deps, found, signal);
  const away = isAway && (await isOnPurpose(deps, found)) ? serverIsRebooting : serverIsAway;
  const observed = await Promise.all(
    found.clients.map(async ({ id, slug }) => {
      const look = isAway ? away : await confirmedLook(deps, found, slug, signal);
      const available = await deps.slots.run(() => deps.record.take(id, serverId, look, checkedAt), signal);
      return { id, available };
    }),
  );
  publish(deps, serverId, checkedAt, observed);
  await deps.onObserved?.(
    serverId,
    found.clients.map(({ slug, runningOperationId }, index) => ({
      slug,
      available: observed[index]?.available ?? null,
      isBusy: runningOperationId !== null,
    })),
  );
  if (!isAway) await observeImages(deps, found, signal);
  return observed.flatMap(({ id, available }) => (available === false ? [id] : []));
};

/** The same for one client. Answers whether it is available; null as well when it is not in use. */
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
  // What happens to it where it is being moved to, or has moved away from, says nothing of the client.
  if (client.state.client.serverId !== serverId) return null;
  const rebooting = isRebooting(state);
  const checkedAt = deps.clock();
  const { server } = state;
  const clients = [client.state.client];
  const found = { server, cloud: deps.cloudServers.of(server), clients, isRebooting: rebooting };
  const look = await confirmedLook(deps, found, client.state.client.slug, signal);
  const available = await deps.record.take(clientId, serverId, look, checkedAt);
  publish(deps, serverId, checkedAt, [{ id: clientId, available }]);
  // A switch may have given it an image that no other client has.
  await observeImages(deps, found, signal);
  return available ?? null;
};

/** The images of a server alone: what the names of its clients' ones mean, and which there are. */
export const observeImagesOf = async (
  deps: ObservationDeps,
  serverId: string,
  signal: AbortSignal,
): Promise<void> => {
  const found = await loadClientsOfServer(deps, serverId, signal);
  if (found !== null) await observeImages(deps, found, signal);
  await observeServerImages(deps, serverId, signal);
};

/** Whether what is away is so for a reboot, which may have begun or ended during the look. */
const isOnPurpose = async (
  { store }: ObservationDeps,
  { server, isRebooting: wasRebooting }: Pick<ClientsOfServer, 'server' | 'isRebooting'>,
): Promise<boolean> => wasRebooting || isRebooting((await loadServer(store, server.id)).state);

const confirmedLook = async (
  deps: ObservationDeps,
  found: Pick<ClientsOfServer, 'cloud' | 'server' | 'isRebooting'>,
  slug: string,
  signal: AbortSignal,
): Promise<Look> => {
  const look = await lookTwice(deps, found, slug, signal);
  return look.available !== true && (await isOnPurpose(deps, found)) ? serverIsRebooting : look;
};

const lookTwice = (
  { slots, config }: ObservationDeps,
  { cloud, server }: Pick<ClientsOfServer, 'cloud' | 'server'>,
  slug: string,
  signal: AbortSignal,
): Promise<Look> => {
  const { probeMs: deadlineMs, confirmMs } = config;
  const look = () => slots.run(() => lookAt(cloud, server, slug, { deadlineMs, signal }), signal);
  return confirmed(look, { confirmMs, signal });
};

/** One client stands for all when the server is away: asking hundreds of them would take as many deadlines. */
const isServerAway = async (
  deps: ObservationDeps,
  found: ClientsOfServer,
  signal: AbortSignal,
): Promise<boolean> => {
  const [first] = found.clients;
  if (first === undefined || (await isEngineThere(found.cloud, signal))) return false;
  const { available } = await lookTwice(deps, found, first.slug, signal);
  return available === null;
};

const publish = (
  { feed }: ObservationDeps,
  serverId: string,
  checkedAt: Date,
  observed: readonly { id: string; available: boolean | null | undefined }[],
): void => {
  const observation: AvailabilityObservation = {
    serverId,
    checkedAt: checkedAt.toISOString(),
    clients: observed.flatMap(({ id, available }) => (available === undefined ? [] : [{ id, available }])),
  };
  feed.publish(subjects.availability, observation);
};
