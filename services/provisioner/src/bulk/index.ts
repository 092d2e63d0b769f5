import {
  bulkOperations,
  drainServer,
  type BulkOperations,
  type BulkRequest,
  type DataOf,
  type StepOf,
} from '@alfa-cloud/contracts';
import type { CommandHandlers } from '@alfa-cloud/messaging';
import { operationHandler, type BulkRun, type OwnStep, type StepWork } from '@alfa-cloud/operations';
import type { Implementations } from '../operations/index.ts';
import type { PageDeps } from '../resources/virtual-host/expected-vhost.ts';
import { bulkOperation, type BulkDeps, type BulkForm } from './bulk-operation.ts';
import { admitDraining, beginDraining, leftOn, leftStep } from './drain.ts';
import { proxiesStep } from './server-proxies.ts';

type BulkRunOfStep = Pick<BulkRun, 'plan' | 'standings'>;

type CommonSteps<Of extends BulkOperations> = Exclude<StepOf<Of>, OwnStep>;

/** For exactly those operations that declare steps for all clients together. */
type Common = {
  [Of in BulkOperations as [CommonSteps<Of>] extends [never] ? never : Of['kind']]: (
    deps: PageDeps & BulkDeps,
    run: BulkRunOfStep,
    data: DataOf<Of>,
  ) => Readonly<Record<CommonSteps<Of>, StepWork<null>>>;
};

const commonSteps: Common = {
  'clients.deploy': (deps, run) => ({ proxy: proxiesStep(deps, run) }),
  'server.drain': (deps, { plan }, { serverId }) => ({ left: leftStep(deps, plan, serverId) }),
};

/** Every operation over many clients, by the implementations of their children. */
export const bulkImplementations = (
  deps: PageDeps & BulkDeps,
  implementations: Implementations,
): Implementations =>
  Object.fromEntries(
    bulkOperations.map((operation) => {
      const child = implementations[operation.child.kind];
      if (child === undefined) throw new Error(`Nothing carries out ${operation.child.kind}`);
      const common = operation.kind in commonSteps ? commonSteps[operation.kind as keyof Common] : undefined;
      const form = {
        operation,
        child,
        ...(common === undefined
          ? {}
          : {
              common: (run: BulkRunOfStep, data: BulkRequest['data']) => common(deps, run, data as never),
            }),
        ...(operation.kind === drainServer.kind ? drainForm(deps) : {}),
      };
      return [operation.kind, bulkOperation(deps, form)];
    }),
  );

/** A drained server takes no client from the begin on, and the end tells who is left there. */
const drainForm = (deps: BulkDeps): Pick<BulkForm, 'admit' | 'record' | 'result'> => ({
  admit: (execution) => admitDraining(deps.store, execution as never),
  record: (execution) => beginDraining(deps.store, execution as never),
  result: ({ serverId }) => leftOn(deps, serverId ?? ''),
});

/** Such operations that one process runs at the same time; each holds its command until its last client has ended. */
const concurrency = 16;

/** Handlers of the commands that ask for them. */
export const bulkHandlers = (deps: BulkDeps, implementations: Implementations): CommandHandlers =>
  Object.fromEntries(
    bulkOperations.flatMap(({ kind, command }) => {
      const implementation = implementations[kind];
      return implementation === undefined
        ? []
        : [[command, { ...operationHandler(deps, implementation), concurrency }]];
    }),
  );
