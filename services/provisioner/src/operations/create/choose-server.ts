import { isCloudServerError } from '@alfa-cloud/cloud-server';
import {
  isRejection,
  Rejection,
  type CreateClient,
  type Fault,
  type FaultCode,
  type ServerRole,
} from '@alfa-cloud/contracts';
import type { Execution } from '@alfa-cloud/operations';
import { loadServer, objectionsToClients, type RegisteredServer } from '@alfa-cloud/servers';
import { Semaphore } from '@alfa-cloud/service-kit';
import { choosePlace, noServerFits, type Candidate, type Choice } from '../../domain/placement.ts';
import { clientImageOn } from '../../resources/image/client-image.ts';
import type { OperationsDeps } from '../common/module.ts';
import { source } from './admission.ts';

export type ChoiceDeps = Pick<OperationsDeps, 'store' | 'queries' | 'places' | 'monitored' | 'cloudServers'>;

/** Streams read at the same time. */
const readsAtOnce = 16;
/** Servers that are tried, the best first, before a client is refused. */
const triesMax = 20;
/** Longest wait for a server that is asked whether it has the image, ms. */
const imageMs = 3000;

interface Known extends Candidate {
  server: RegisteredServer;
  /** The client has a place there, from a delivery that was cut off. */
  holds: boolean;
}

/**
 * Tries one server after the other, the best first, until one takes the client.
 * @param settle takes the client to the server. A Rejection that speaks against the server, and not against the client, makes it pass on to the next
 * @throws Rejection `no_server_fits` with what speaks against each
 */
export const onChosenServer = async <T>(
  deps: ChoiceDeps,
  { data: { clientId, image }, cause, signal }: Pick<Execution<CreateClient>, 'data' | 'cause' | 'signal'>,
  settle: (choice: Choice) => Promise<T>,
): Promise<T> => {
  let known = await withImage(deps, image, await candidatesFor(deps, clientId, signal), signal);
  for (let tries = 0; tries < triesMax; tries += 1) {
    const choice = choosePlace(known);
    if (choice === null) break;
    const { id } = choice.server;
    for (const { holds, server } of known) {
      if (holds && server.id !== id) await deps.places.freePlace({ serverId: server.id, clientId }, cause);
    }
    try {
      return await settle(choice);
    } catch (error) {
      const objection = objectionIn(error);
      known = known.map((each) => (each.server.id === id ? { ...each, objection } : each));
    }
  }
  throw new Rejection([{ ...noServerFits(known), ...source.server }]);
};

/** Servers of the roles as they stand by their own events. Which there are is told by the read models. */
export const candidatesFor = async (
  { store, queries, places, monitored }: ChoiceDeps,
  clientId: string | null,
  signal: AbortSignal,
  roles: readonly ServerRole[] = ['production'],
): Promise<Known[]> => {
  const { result } = await queries.ask('ListServers', { active: 'all' }, { signal });
  const reads = new Semaphore(readsAtOnce);
  const found = await Promise.all(
    result.items.map(({ id, clientCount }) =>
      reads.run(async (): Promise<Known[]> => {
        const { state } = await loadServer(store, id);
        if (state.status === 'absent' || state.status === 'removed') return [];
        const { server, alerts } = state;
        if (!roles.includes(server.role)) return [];
        const [objection = null] = objectionsToClients(id, state);
        const clients = await places.knownOn(id);
        const holds = clientId !== null && clients?.has(clientId) === true;
        const taken = clients === null ? clientCount : clients.size - (holds ? 1 : 0);
        const isShort = alerts.some(({ code }) => code === 'disk' || code === 'memory');
        return [{ server, objection, taken, hasImage: true, isShort, holds, ...freeOn(monitored(id)) }];
      }),
    ),
  );
  return found.flat();
};

/** A server that does not answer in time counts as one without it: it is asked again when the client is to come. */
const withImage = async (
  { cloudServers }: ChoiceDeps,
  reference: string,
  candidates: readonly Known[],
  signal: AbortSignal,
): Promise<Known[]> => {
  const slots = new Semaphore(readsAtOnce);
  const hasImage = async ({ server, objection }: Known): Promise<boolean> => {
    if (objection !== null) return false;
    try {
      const options = { deadlineMs: imageMs, signal };
      return typeof (await clientImageOn(cloudServers.of(server), reference, options)) === 'object';
    } catch (error) {
      if (!isCloudServerError(error)) throw error;
      return false;
    }
  };
  return Promise.all(
    candidates.map(async (each) => ({ ...each, hasImage: await slots.run(() => hasImage(each), signal) })),
  );
};

const freeOn = (
  now: ReturnType<ChoiceDeps['monitored']>,
): Pick<Candidate, 'memoryFreeBytes' | 'diskFreeBytes'> => {
  const { memoryTotalBytes = null, memoryUsedBytes = null, diskFreeBytes = null } = now ?? {};
  const isKnown = memoryTotalBytes !== null && memoryUsedBytes !== null;
  return { memoryFreeBytes: isKnown ? memoryTotalBytes - memoryUsedBytes : null, diskFreeBytes };
};

/** What another server may do better. */
const ofServers: ReadonlySet<FaultCode> = new Set([
  'server_unknown',
  'server_not_ready',
  'server_not_active',
  'server_draining',
  'server_full',
  'server_unreachable',
  'operation_in_progress',
  'image_not_on_server',
  'alias_taken',
  'unavailable',
]);

/** @throws what speaks against the client wherever it goes */
const objectionIn = (error: unknown): Fault => {
  if (!isRejection(error)) throw error;
  const others = error.faults.filter(({ code }) => !ofServers.has(code));
  const [objection] = error.faults;
  if (others.length > 0 || objection === undefined) throw new Rejection(others);
  return objection;
};
