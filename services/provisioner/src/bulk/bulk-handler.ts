import {
  Rejection,
  streams,
  type BulkRequest,
  type BulkPlanView,
  type CommandData,
  type CommandName,
  type FaultCode,
} from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import { causeOf, type OperationEnd } from '@alfa-cloud/operations';
import type { CommandHandler, QueryHandlers } from '@alfa-cloud/messaging';
import { isOperationUnderWay, operationIdOf } from '../operations/common/accept-and-run.ts';
import { acceptBulk, bulkOperation, type BulkDeps, type BulkRun } from './bulk-operation.ts';
import { planBulk, serversOf, type LookAroundDeps } from './look-around.ts';
import { beginBulk, bulkInTheWay, endBulk } from './under-way.ts';

/** Such operations that one process runs at the same time; each holds its command until its last client has ended. */
const concurrency = 16;
const queryMs = 20_000;

/** Handler of a command for many clients. */
export const bulkHandler = <Name extends CommandName>(
  deps: BulkDeps,
  requestOf: (data: CommandData<Name>) => BulkRequest,
): CommandHandler<Name> => ({
  async handle({ command, signal, accepted }) {
    const request = requestOf(command.data);
    await runBulk(deps, { request, operationId: operationIdOf(command), command, signal, accepted });
  },
  isUnderWay: isOperationUnderWay(deps.store),
  concurrency,
});

/**
 * Carries out an operation over many clients, or goes on with it.
 * @throws Rejection when something speaks against it as a whole, or one of its kind over the same servers has not ended · what {@link BulkDeps.run} throws
 */
export const runBulk = async (
  deps: BulkDeps,
  run: BulkRun & {
    retryOf?: string;
    accepted: (ids: Record<string, string>, position: bigint) => Promise<void>;
  },
): Promise<OperationEnd> => {
  const { operationId, request, command, signal } = run;
  const isKnown = (await deps.store.read(streams.operation(operationId))).revision !== null;
  if (!isKnown) await begin(deps, run);
  const definition = bulkOperation(deps, run);
  const { position } = await acceptBulk(deps.store, run, definition.steps, run.retryOf);
  await run.accepted({ operationId }, position);
  const end = await deps.run({
    operationId,
    // Its children take the turns on their servers; holding one as well would make them wait for ever.
    serverId: null,
    command,
    definition,
    signal,
    loadContext: async () => ({ context: null, redact: (text) => text }),
  });
  // An operation that was given up has not concluded.
  await endBulk(deps.store, request.kind, operationId, causeOf(command));
  return end;
};

/** Safe to repeat: a crash may come between the begin and the acceptance of the operation, and something may speak against it by then. */
const begin = async (deps: BulkDeps, { request, operationId, command, signal }: BulkRun): Promise<void> => {
  const { store } = deps;
  const { kind, data } = request;
  const cause = causeOf(command);
  const { obstacles } = await planBulk(deps, request, null, signal);
  if (obstacles.length > 0) await endBulk(store, kind, operationId, cause);
  refuse(obstacles);
  await beginBulk(store, kind, { operationId, serverIds: await serversOf(store, data) }, cause);
};

const parameterOf: Partial<Record<string, string>> = {
  server_unknown: 'serverId',
  image_not_on_server: 'targetImage',
};

const refuse = (obstacles: BulkPlanView['obstacles']): void => {
  if (obstacles.length === 0) return;
  throw new Rejection(
    obstacles.map(({ code, reason }) => {
      const parameter = parameterOf[code];
      // Only codes of the catalogue are made into obstacles.
      return { code: code as FaultCode, detail: reason, ...(parameter === undefined ? {} : { parameter }) };
    }),
  );
};

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
      reason: `Operation ${kind} over these clients has not ended yet`,
      operationId,
    },
  ];
};
