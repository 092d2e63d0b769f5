import { bulkOperations, type BulkOperations, type StepOf } from '@alfa-cloud/contracts';
import type { CommandHandlers } from '@alfa-cloud/messaging';
import { operationHandler, type BulkRun, type OwnStep, type StepWork } from '@alfa-cloud/operations';
import type { Implementations } from '../operations/index.ts';
import type { PageDeps } from '../resources/virtual-host/expected-vhost.ts';
import { bulkOperation, type BulkDeps } from './bulk-operation.ts';
import { proxiesStep } from './server-proxies.ts';

type BulkRunOfStep = Pick<BulkRun, 'plan' | 'standings'>;

type CommonSteps<Of extends BulkOperations> = Exclude<StepOf<Of>, OwnStep>;

/** For exactly those operations that declare steps for all clients together. */
type Common = {
  [Of in BulkOperations as [CommonSteps<Of>] extends [never] ? never : Of['kind']]: (
    deps: PageDeps & BulkDeps,
    run: BulkRunOfStep,
  ) => Readonly<Record<CommonSteps<Of>, StepWork<null>>>;
};

const commonSteps: Common = {
  'clients.deploy': (deps, run) => ({ proxy: proxiesStep(deps, run) }),
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
        ...(common === undefined ? {} : { common: (run: BulkRunOfStep) => common(deps, run) }),
      };
      return [operation.kind, bulkOperation(deps, form)];
    }),
  );

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
