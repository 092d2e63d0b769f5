import {
  defaultPace,
  message,
  messageTold,
  reasonOf,
  told,
  type BulkPlanView,
  type BulkRequest,
  type Fault,
  type ServerRole,
} from '@alfa-cloud/contracts';
import { ownCause } from '@alfa-cloud/operations';
import { loadServer } from '@alfa-cloud/servers';
import { Semaphore } from '@alfa-cloud/service-kit';
import type { ClientState } from '../domain/client.ts';
import { loadClient } from '../domain/load.ts';
import {
  choosePlaceByRole,
  noServerFits,
  rolesAfterDrain,
  type Candidate,
  type Choice,
} from '../domain/placement.ts';
import { candidatesFor, type ChoiceDeps } from '../operations/create/choose-server.ts';
import { recordedObstacles } from '../operations/moving/obstacles.ts';

type Drain = Extract<BulkRequest, { kind: 'server.drain' }>;

/** Who has a place on a server. */
export interface Resident {
  clientId: string;
  state: Exclude<ClientState, { status: 'absent' }>;
}

/** Streams read at the same time. */
const readsAtOnce = 16;

/**
 * Who lives on a server, by slug, and how many it only keeps for a way back. By the places, so nobody is missing who came before this was
 * asked; whoever has only a place there, to come soon, does not live there yet.
 */
export const residentsOf = async (
  { store, places }: Pick<ChoiceDeps, 'store' | 'places'>,
  serverId: string,
): Promise<{ living: Resident[]; kept: number }> => {
  const ids = await places.clientsOn(serverId, ownCause());
  const reads = new Semaphore(readsAtOnce);
  const found = await Promise.all(
    [...ids].map((clientId) =>
      reads.run(async () => ({ clientId, state: (await loadClient(store, clientId)).state })),
    ),
  );
  const living = found.flatMap(({ clientId, state }) =>
    state.status === 'absent' || state.client.serverId !== serverId ? [] : [{ clientId, state }],
  );
  const kept = found.filter(({ state }) => state.status === 'active' && state.held?.serverId === serverId);
  return {
    living: living.toSorted((a, b) => (a.state.client.slug < b.state.client.slug ? -1 : 1)),
    kept: kept.length,
  };
};

/** Where each client of a server would go, one after the other, each counted where the one before went; and who stays, and why. */
export const planDrain = async (
  deps: ChoiceDeps,
  { data }: Drain,
  signal: AbortSignal,
): Promise<BulkPlanView> => {
  const { serverId } = data;
  const {
    canary = defaultPace.canary,
    waveSize = defaultPace.waveSize,
    stopAfter = defaultPace.stopAfter,
  } = data;
  const { state } = await loadServer(deps.store, serverId);
  const view = { canary, waveSize, stopAfter };
  if (state.status === 'absent' || state.status === 'removed') {
    const obstacle = { code: 'server_unknown', ...reasonOf(message`Server ${serverId} does not exist`) };
    return { ...view, ...listed([], []), obstacles: [obstacle] };
  }
  const { living } = await residentsOf(deps, serverId);
  const { role } = state.server;
  const roles = [...new Set(living.flatMap((resident) => rolesOf(role, resident)))];
  const others = (await candidatesFor(deps, null, signal, roles)).filter(
    ({ server }) => server.id !== serverId,
  );
  const { clients, skipped } = await assign(deps, living, { role, others }, signal);
  const isAlone = others.length === 0 && living.length > 0;
  const alone = message`There is no other server for clients of this one`;
  return {
    ...view,
    ...listed(clients, skipped),
    canary: Math.min(canary, clients.length),
    obstacles: isAlone ? [{ code: 'no_server_fits', ...reasonOf(alone) }] : [],
  };
};

type Listed = Pick<BulkPlanView, 'clients' | 'skipped'>;

const listed = (clients: Listed['clients'], skipped: Listed['skipped']) => ({
  clients,
  total: clients.length,
  skipped,
  skippedTotal: skipped.length,
  // Whether the servers answer is seen when the clients are moved.
  awayServers: [],
});

const assign = async (
  deps: ChoiceDeps,
  living: readonly Resident[],
  { role, others }: { role: ServerRole; others: readonly Candidate[] },
  signal: AbortSignal,
): Promise<Listed> => {
  const clients: Listed['clients'] = [];
  const skipped: Listed['skipped'] = [];
  let servers = others;
  for (const resident of living) {
    signal.throwIfAborted();
    const { clientId, state } = resident;
    const { slug, serverId } = state.client;
    const goal = await goalOf(deps, state, servers, rolesOf(role, resident));
    if ('code' in goal) {
      skipped.push({ clientId, slug, code: goal.code, ...reasonOf(messageTold(goal)) });
      continue;
    }
    const { id: targetServer } = goal.server;
    clients.push({ clientId, slug, serverId, targetServer, ...reasonOf(goal.reason) });
    servers = servers.map((each) =>
      each.server.id === targetServer ? { ...each, taken: each.taken + 1 } : each,
    );
  }
  return { clients, skipped };
};

const rolesOf = (from: ServerRole, { state }: Resident): readonly ServerRole[] =>
  rolesAfterDrain(from, state.client.sourceClientId !== undefined);

const goalOf = async (
  deps: ChoiceDeps,
  state: Resident['state'],
  servers: readonly Candidate[],
  roles: readonly ServerRole[],
): Promise<Choice | Fault> => {
  if (state.status !== 'active') {
    return { code: 'client_not_active', ...told(message`The client is ${state.status}`) };
  }
  let open = servers.filter(({ server }) => roles.includes(server.role));
  for (;;) {
    const choice = choosePlaceByRole(open, roles);
    if (choice === null) return noServerFits(open, roles);
    const [objection] = await recordedObstacles(deps, state, choice.server.id);
    if (objection === undefined) return choice;
    // What speaks against the client itself, no other server changes.
    if (objection.code === 'move_held') return objection;
    open = open.map((each) => (each.server.id === choice.server.id ? { ...each, objection } : each));
  }
};
