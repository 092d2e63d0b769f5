import {
  message,
  streams,
  type OperationEvent,
  type OperationStatus,
  type OperationView,
} from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import { listWhole, type QuerySender } from '@alfa-cloud/messaging';
import { foldOperation, type StepWork } from '@alfa-cloud/operations';
import { serverStep } from '@alfa-cloud/servers';
import type { ClientState } from '../../../domain/client.ts';
import { loadClient } from '../../../domain/load.ts';
import { final, transient } from '../../../on-server/failures.ts';
import type { Preparation } from '../../../on-server/preparation.ts';
import type { RebootConfig } from '../../../on-server/reboot-config.ts';
import { acceptedAtPosition, rebootUnderWay } from '../../../on-server/while-rebooting.ts';
import { quietMs, untilOrLate } from './waiting.ts';

interface DrainDeps {
  store: EventStore;
  queries: QuerySender;
  reboot: Pick<RebootConfig, 'drainMs'>;
}

const slackMs = 120_000;
const unended = ['accepted', 'running', 'cancelling'] as const satisfies readonly OperationStatus[];

/** Waits for the ends of all operations that were accepted before the reboot has begun. Later ones wait for the reboot's. */
export const drainStep = (deps: DrainDeps): StepWork<Preparation> =>
  serverStep({
    cancellable: true,
    deadlineMs: deps.reboot.drainMs + slackMs,
    quietMs,
    async act({ server }, { operationId, output, signal }) {
      const { drainMs } = deps.reboot;
      const reboot = await rebootUnderWay(deps.store, server.id);
      if (reboot?.operationId !== operationId)
        throw new Error(`Server ${server.id} is not being rebooted by this`);
      let waited = false;
      await untilOrLate(
        { deadlineMs: drainMs, output, signal },
        async () => {
          const before = await operationsBefore(deps, server.id, reboot.position, signal);
          waited ||= before.length > 0;
          return before.length === 0 ? null : before.map(({ kind, id }) => `${kind} (${id})`).join(', ');
        },
        (names) => `Waits for the end of ${names}`,
        (names) =>
          final(
            'server_busy',
            message`The server was not rebooted: after ${drainMs / 1000} s there still run ${names}`,
          ),
      );
      return waited ? 'All operations on the server have ended' : 'No operation runs on the server';
    },
  });

type UnderWay = Pick<OperationView, 'id' | 'kind'>;

/** Operations on clients of a server that were accepted before a position and have not ended, by their own streams. */
const operationsBefore = async (
  { store, queries }: DrainDeps,
  serverId: string,
  position: bigint,
  signal: AbortSignal,
): Promise<UnderWay[]> => {
  const found: UnderWay[] = [];
  for (const { id, kind, target, parameters } of await listUnended(queries, position, signal)) {
    if (target.type !== 'client' || target.id === null) continue;
    const { state } = await loadClient(store, target.id);
    if (!serversOf(state, parameters).includes(serverId)) continue;
    const acceptedAt = await acceptedAtPosition(store, id);
    if (acceptedAt === null || acceptedAt > position) continue;
    const { events } = await store.read<OperationEvent>(streams.operation(id));
    if (foldOperation(events).status !== 'ended') found.push({ id, kind });
  }
  return found;
};

/** Where an operation on the client works, or may: a move does on two servers. */
const serversOf = (state: ClientState, parameters: OperationView['parameters']): unknown[] => {
  if (state.status === 'absent') return [];
  const held = state.status === 'active' && state.held !== null ? [state.held.serverId] : [];
  return [state.client.serverId, ...held, parameters?.['targetServer']];
};

const listUnended = async (
  queries: QuerySender,
  from: bigint,
  signal: AbortSignal,
): Promise<OperationView[]> => {
  const lists = await Promise.all(unended.map((status) => listOf(queries, status, from, signal)));
  return lists.flat();
};

const listOf = async (
  queries: QuerySender,
  status: OperationStatus,
  from: bigint,
  signal: AbortSignal,
): Promise<OperationView[]> => {
  const options = { signal, minPosition: String(from) };
  const listed = await listWhole(async (page) => {
    const { result, stale } = await queries.ask('ListOperations', { page, filter: { status } }, options);
    if (stale) throw transient('read_models_behind', message`The read models are behind the events`);
    return result;
  }, signal);
  if (listed !== null) return listed;
  throw transient('read_models_behind', message`The operations under way could not be listed`);
};
