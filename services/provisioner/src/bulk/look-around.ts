import { isCloudServerError } from '@alfa-cloud/cloud-server';
import {
  message,
  wordsOf,
  type BulkPlanView,
  type BulkRequest,
  type Fault,
  type Message,
} from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { QuerySender } from '@alfa-cloud/messaging';
import { type CloudServers, loadServer, objectionsToClients } from '@alfa-cloud/servers';
import { Semaphore } from '@alfa-cloud/service-kit';
import { loadClient } from '../domain/load.ts';
import { clientImageOn } from '../resources/image/client-image.ts';
import type { ChoiceDeps } from '../operations/create/choose-server.ts';
import { planDrain } from './plan-drain.ts';
import { planOf, targetImageOf, targetServerOf, type Candidate, type ImageOnServer } from './plan.ts';
import { findImage } from '../resources/image/find-image.ts';

export interface LookAroundDeps extends ChoiceDeps {
  cloudServers: CloudServers;
}

const pageSize = 100;
/** Streams read at the same time. */
const readsAtOnce = 16;
/** Longest time in which a server has to answer. */
const lookMs = 5000;

/** The read models have not come to the moment that a plan is to be decided at. */
export class ReadModelsBehind extends Error {
  override name = 'ReadModelsBehind';
}

/**
 * What an operation over many clients would do now: who the clients are is told by the read models, what they are like by their events.
 * @param from position of an event that the read models must have taken in; null: as they are
 * @throws ReadModelsBehind
 */
export const planBulk = async (
  deps: LookAroundDeps,
  request: BulkRequest,
  from: bigint | null,
  signal: AbortSignal,
): Promise<BulkPlanView> => {
  if (request.kind === 'server.drain') return planDrain(deps, request, signal);
  const { serverId, clientIds } = request.data;
  const server = serverId === undefined ? null : await loadServer(deps.store, serverId);
  const ids = clientIds ?? (await activeClientIds(deps.queries, serverId, from, signal));
  const candidates = (await candidatesOf(deps.store, ids)).filter(
    ({ state }) =>
      serverId === undefined || (state.status !== 'absent' && state.client.serverId === serverId),
  );
  const serverIds = [
    ...new Set(candidates.flatMap(({ state }) => (state.status === 'active' ? [state.client.serverId] : []))),
  ];
  const [images, away] = await Promise.all([
    imagesFor(deps, targetImageOf(request), serverIds),
    awayServers(deps, serverIds),
  ]);
  return planOf(request, {
    candidates,
    images,
    away,
    serverIsKnown: server === null || !['absent', 'removed'].includes(server.state.status),
    targetFaults: await targetFaults(deps.store, targetServerOf(request)),
  });
};

/** Whether each client fits there is looked at when its turn comes. */
const targetFaults = async (store: EventStore, serverId: string | null): Promise<Fault[]> => {
  if (serverId === null) return [];
  const { state } = await loadServer(store, serverId);
  return objectionsToClients(serverId, state);
};

/**
 * Servers on which the clients live that a request is about; null: all, since clients may be created anywhere before it plans. Clients that
 * are named stand for the whole of their servers: naming ten thousand of them in an event for each repetition would be too much.
 */
export const serversOf = async (
  store: EventStore,
  { serverId, clientIds }: BulkRequest['data'],
): Promise<string[] | null> => {
  if (serverId !== undefined) return [serverId];
  if (clientIds === undefined) return null;
  const candidates = await candidatesOf(store, clientIds);
  return [
    ...new Set(candidates.flatMap(({ state }) => (state.status === 'absent' ? [] : [state.client.serverId]))),
  ];
};

const activeClientIds = async (
  queries: QuerySender,
  serverId: string | undefined,
  from: bigint | null,
  signal: AbortSignal,
): Promise<string[]> => {
  const ids = new Set<string>();
  for (let number = 1; ; number += 1) {
    const { result, stale } = await queries.ask(
      'ListClients',
      {
        page: { number, size: pageSize },
        sort: [{ field: 'slug', descending: false }],
        filter: { status: 'active', ...(serverId === undefined ? {} : { serverId }) },
        includeServers: false,
      },
      { signal, ...(from === null ? {} : { minPosition: String(from) }) },
    );
    if (stale && from !== null) throw new ReadModelsBehind('The read models are behind the events');
    for (const { id } of result.items) ids.add(id);
    if (result.items.length < pageSize) return [...ids];
  }
};

const candidatesOf = async (store: EventStore, ids: readonly string[]): Promise<Candidate[]> => {
  const reads = new Semaphore(readsAtOnce);
  return Promise.all(
    ids.map((clientId) =>
      reads.run(async () => ({ clientId, state: (await loadClient(store, clientId)).state })),
    ),
  );
};

const imagesFor = async (
  deps: LookAroundDeps,
  image: string | null,
  serverIds: readonly string[],
): Promise<Map<string, ImageOnServer>> =>
  image === null
    ? new Map()
    : new Map(await Promise.all(serverIds.map(async (id) => [id, await imageOn(deps, id, image)] as const)));

const awayServers = async (
  { store, cloudServers }: LookAroundDeps,
  serverIds: readonly string[],
): Promise<Map<string, Message>> => {
  const look = async (serverId: string): Promise<[string, Message][]> => {
    const { state } = await loadServer(store, serverId);
    if (state.status === 'absent') return [];
    try {
      await cloudServers.of(state.server).docker.ping({ deadlineMs: lookMs });
      return [];
    } catch (error) {
      if (!isCloudServerError(error)) throw error;
      return [[serverId, message`Server ${state.server.name} does not answer: ${wordsOf(error)}`]];
    }
  };
  return new Map((await Promise.all(serverIds.map(look))).flat());
};

const imageOn = async (deps: LookAroundDeps, serverId: string, reference: string): Promise<ImageOnServer> => {
  const { store, cloudServers } = deps;
  const { state } = await loadServer(store, serverId);
  if (state.status === 'absent') return 'unknown';
  try {
    const options = { deadlineMs: lookMs };
    const image = await clientImageOn(cloudServers.of(state.server), reference, options);
    if (image !== 'absent') return typeof image === 'object' ? { id: image.id } : 'absent';
    const { sources, inRegistry } = await findImage(deps, { reference }, { to: state.server });
    const [elsewhere] = sources;
    if (elsewhere !== undefined) return { id: elsewhere.image.id };
    return inRegistry ? 'in registry' : 'absent';
  } catch (error) {
    if (!isCloudServerError(error)) throw error;
    return 'unknown';
  }
};
