import {
  Rejection,
  streams,
  told,
  type BulkOperations,
  type BulkPlanView,
  type BulkRequest,
  type FaultCode,
} from '@alfa-cloud/contracts';
import {
  bulkCounts,
  bulkRun,
  bulkSteps,
  defaultChildPace,
  inOrder,
  type BulkRun,
  type Child,
  type ChildPace,
  type Execute,
  type Execution,
  type Implementation,
  type StepWork,
} from '@alfa-cloud/operations';
import { beginBulk, endBulk } from '../domain/bulk-under-way.ts';
import { loadClient } from '../domain/load.ts';
import { planBulk, serversOf, type LookAroundDeps } from './look-around.ts';

export interface BulkDeps extends LookAroundDeps {
  execute: Execute;
  /** Default {@link defaultChildPace}. */
  childPace?: ChildPace;
}

type Data = BulkRequest['data'];

/** How a bulk operation is carried out on clients by the implementation of its child. */
export interface BulkForm {
  operation: BulkOperations;
  child: Implementation<unknown>;
  /** Steps for all clients together, after the last wave. Default: none. */
  common?: (run: Pick<BulkRun, 'plan' | 'standings'>, data: Data) => Readonly<Record<string, StepWork<null>>>;
  /** Whether it can begin at all, apart from its clients. @throws Rejection */
  admit?: (execution: Execution<Data>) => Promise<void>;
  /** What is recorded before the clients are decided on. Repeatable. */
  record?: (execution: Execution<Data>) => Promise<void>;
  /** Added to its result. */
  result?: (data: Data) => Promise<Record<string, unknown>>;
}

/** An operation over many clients; what it does with each follows from what is declared of its child. */
export const bulkOperation = (deps: BulkDeps, form: BulkForm): Implementation<Data, BulkOperations> => {
  const { operation, child, common, result } = form;
  const { store, execute, childPace: pace = defaultChildPace } = deps;
  const { kind } = operation;
  return {
    operation,
    async begin(execution) {
      const { operationId, data, cause } = execution;
      const request = { kind, data } as BulkRequest;
      const isKnown = (await store.read(streams.operation(operationId))).revision !== null;
      if (!isKnown) await begin(deps, form, request, execution);
      const run = bulkRun(
        {
          store,
          execute,
          pace,
          child,
          dataOf: ({ clientId, targetServer }) => ({
            ...handedOn(operation, data),
            clientId,
            ...(targetServer === undefined ? {} : { targetServer }),
          }),
          planFrom: (from, signal) => planBulk(deps, request, from, signal),
          hasBegun: (begun) => hasBegun(deps, begun),
          nameOf: (named) => nameOf(deps, named),
        },
        execution,
      );
      const { serverId } = data;
      return {
        target: serverId === undefined ? { type: 'none', id: null } : { type: 'server', id: serverId },
        ids: {},
        parameters: { ...data },
        // Its children take the turns on their servers; holding one as well would make them wait for ever.
        servers: [],
        steps: inOrder(operation, bulkSteps(run, { canary: data.canary, common: common?.(run, data) ?? {} })),
        load: async () => ({ context: null, redact: (text) => text }),
        async conclude() {
          // Before the end is seen: who waits for it may begin the next one at once.
          await endBulk(store, kind, operationId, cause);
          // One that ended before it had a plan has nothing to count.
          if ((await run.recordedPlan()) === null) return {};
          return { ...(await bulkCounts(run)), ...(await result?.(data)) };
        },
      };
    },
    // An operation that was given up has not concluded.
    afterwards: ({ operationId, cause }) => endBulk(store, kind, operationId, cause),
  };
};

const handedOn = ({ handedOn: names }: BulkOperations, data: Data): Record<string, unknown> => {
  const handed = new Set<string>(names);
  return Object.fromEntries(Object.entries(data).filter(([name]) => handed.has(name)));
};

/** If it is left there its client is closed to every other operation. */
const hasBegun = async ({ store }: BulkDeps, { clientId, operationId }: Child): Promise<boolean> => {
  const { state } = await loadClient(store, clientId);
  const running = 'operation' in state ? state.operation : null;
  return running?.operationId === operationId;
};

const nameOf = async ({ store }: BulkDeps, { clientId }: Child): Promise<string> => {
  const { state } = await loadClient(store, clientId);
  return state.status === 'absent' ? clientId : state.client.slug;
};

/** Safe to repeat: a crash may come between the begin and the acceptance of the operation, and something may speak against it by then. */
const begin = async (
  deps: BulkDeps,
  { admit, record }: BulkForm,
  request: BulkRequest,
  execution: Execution<Data>,
): Promise<void> => {
  const { store } = deps;
  const { kind, data } = request;
  const { operationId, cause, signal } = execution;
  await admit?.(execution);
  const { obstacles } = await planBulk(deps, request, null, signal);
  if (obstacles.length > 0) await endBulk(store, kind, operationId, cause);
  refuse(obstacles);
  await record?.(execution);
  await beginBulk(store, kind, { operationId, serverIds: await serversOf(store, data) }, cause);
};

const parameterOf: Partial<Record<string, string>> = {
  server_unknown: 'serverId',
  image_not_on_server: 'targetImage',
};

const refuse = (obstacles: BulkPlanView['obstacles']): void => {
  if (obstacles.length === 0) return;
  throw new Rejection(
    obstacles.map(({ code, reason, message }) => {
      const parameter = parameterOf[code];
      // Only codes of the catalogue are made into obstacles.
      return {
        code: code as FaultCode,
        ...told(message ?? reason),
        ...(parameter === undefined ? {} : { parameter }),
      };
    }),
  );
};
