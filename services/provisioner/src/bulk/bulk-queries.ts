import { type BulkPlanView, type BulkRequest, message, reasonOf } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { QueryHandlers } from '@alfa-cloud/messaging';
import { bulkInTheWay } from '../domain/bulk-under-way.ts';
import { planBulk, serversOf, type LookAroundDeps } from './look-around.ts';

const queryMs = 20_000;
/** Clients told of each list, so that the answer can be sent whatever was asked for. */
const toldMax = 1000;

/** What an operation over many clients would do, without doing it. */
export const bulkQueries = (deps: LookAroundDeps): Pick<QueryHandlers, 'PlanBulk'> => ({
  async PlanBulk(request) {
    const plan = await planBulk(deps, request, null, AbortSignal.timeout(queryMs));
    const { clients, skipped } = plan;
    const obstacles = [...plan.obstacles, ...(await inTheWay(deps.store, request))];
    return {
      result: { ...plan, obstacles, clients: clients.slice(0, toldMax), skipped: skipped.slice(0, toldMax) },
    };
  },
});

const inTheWay = async (
  store: EventStore,
  { kind, data }: BulkRequest,
): Promise<BulkPlanView['obstacles']> => {
  const other = await bulkInTheWay(store, kind, await serversOf(store, data));
  if (other === null) return [];
  const { operationId } = other;
  return [
    {
      code: 'operation_in_progress',
      ...reasonOf(message`Operation ${kind} over these clients has not ended yet`),
      operationId,
    },
  ];
};
