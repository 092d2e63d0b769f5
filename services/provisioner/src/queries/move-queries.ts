import {
  messageTold,
  reasonOf,
  message,
  type Fault,
  type MovePlan,
  type MoveRate,
  type Reason,
} from '@alfa-cloud/contracts';
import type { QueryHandlers, QuerySender } from '@alfa-cloud/messaging';
import { Semaphore } from '@alfa-cloud/service-kit';
import type { ClientState } from '../domain/client.ts';
import { loadClient } from '../domain/load.ts';
import { operationInProgress } from '../domain/operation-in-progress.ts';
import { measuredOrFault } from '../operations/moving/measured.ts';
import { towards, type Route } from '../operations/moving/moving.ts';
import { obstaclesOfSize, obstaclesOnServers, recordedObstacles } from '../operations/moving/obstacles.ts';
import type { Measured } from '../resources/transfer/client-transfer.ts';
import type { OperationsDeps } from '../operations/common/module.ts';
import { moveRates } from './move-rate.ts';
import { activeClients } from '../read-models/in-use.ts';

type Deps = Pick<
  OperationsDeps,
  'store' | 'vault' | 'cloudServers' | 'places' | 'preparation' | 'transfer' | 'queries'
>;

/** Clients in one answer. */
const clientsMax = 100;
const measuredAtOnce = 4;
/** Less than the gateway waits. */
const queryMs = 50_000;
/** What a move takes besides the copying: containers, virtual hosts, reloads, seconds. */
const besidesSeconds = 15;

/** What moving clients to a server would come to, without doing it. */
export const moveQueries = (deps: Deps): Pick<QueryHandlers, 'PlanMoves'> => ({
  async PlanMoves({ clientIds, serverId, targetServer }) {
    const signal = AbortSignal.timeout(queryMs);
    const ids = clientIds ?? (await idsOn(deps.queries, serverId, signal));
    const rateOf = await moveRates(deps.queries, signal);
    const slots = new Semaphore(measuredAtOnce);
    const items = await Promise.all(
      ids
        .slice(0, clientsMax)
        .map((id) => slots.run(() => planOf(deps, id, { targetServer, rateOf }, signal))),
    );
    return { result: { items, total: ids.length } };
  },
});

const idsOn = async (
  queries: QuerySender,
  serverId: string | undefined,
  signal: AbortSignal,
): Promise<string[]> =>
  serverId === undefined ? [] : Array.fromAsync(activeClients(queries, { serverId }, signal), ({ id }) => id);

const planOf = async (
  deps: Deps,
  clientId: string,
  { targetServer, rateOf }: { targetServer: string; rateOf: (route: Route) => MoveRate },
  signal: AbortSignal,
): Promise<MovePlan> => {
  const { state } = await loadClient(deps.store, clientId);
  if (state.status !== 'active') return planWithout(clientId, state, [notActive(state)]);
  const { operation } = state;
  const busy =
    operation === null ? [] : [reasonOfFault(operationInProgress(operation.operationId, operation.kind))];
  const recorded = (await recordedObstacles(deps, state, targetServer)).map(reasonOfFault);
  if (recorded.length > 0) return planWithout(clientId, state, [...busy, ...recorded]);
  // Nothing of the operation is made: its id only names what would be.
  const route = { from: state.client.serverId, to: targetServer };
  const { context: moving } = await towards(deps, clientId, clientId, route).load();
  const onServers = await obstaclesOnServers(moving, signal);
  if (onServers.length > 0) return planWithout(clientId, state, [...busy, ...onServers.map(reasonOfFault)]);
  const measured = await measuredOrFault(deps.transfer, moving.from, { operationId: clientId, signal });
  if ('fault' in measured) return planWithout(clientId, state, [...busy, reasonOfFault(measured.fault)]);
  const ofSize = await obstaclesOfSize(moving, measured, deps.preparation.freeBytesMin, signal);
  return {
    ...planWithout(clientId, state, [...busy, ...ofSize.map(reasonOfFault)]),
    databaseBytes: measured.databaseBytes,
    storageBytes: measured.storageBytes,
    files: measured.files,
    ...expected(measured, rateOf(route)),
  };
};

const planWithout = (clientId: string, state: ClientState, obstacles: MovePlan['obstacles']): MovePlan => ({
  clientId,
  slug: state.status === 'absent' ? null : state.client.slug,
  from: state.status === 'absent' ? null : state.client.serverId,
  databaseBytes: null,
  storageBytes: null,
  files: null,
  rate: null,
  expectedSeconds: null,
  expectedClosedSeconds: null,
  obstacles,
});

/** The storage is copied while the client works, the database behind its page. */
const expected = (
  { databaseBytes, storageBytes }: Measured,
  rate: MoveRate,
): Pick<MovePlan, 'rate' | 'expectedSeconds' | 'expectedClosedSeconds'> => ({
  rate,
  expectedSeconds: Math.ceil((databaseBytes + storageBytes) / rate.bytesPerSecond) + besidesSeconds,
  expectedClosedSeconds: Math.ceil(databaseBytes / rate.bytesPerSecond) + besidesSeconds,
});

const notActive = (state: Exclude<ClientState, { status: 'active' }>): Reason => ({
  code: state.status === 'absent' ? 'not_found' : 'client_not_active',
  ...reasonOf(
    state.status === 'absent' ? message`There is no such client` : message`The client is ${state.status}`,
  ),
});

const reasonOfFault = (fault: Fault): MovePlan['obstacles'][number] => {
  const operationId = fault.meta?.['operationId'];
  return {
    code: fault.code,
    ...reasonOf(messageTold(fault)),
    ...(typeof operationId === 'string' ? { operationId } : {}),
  };
};
