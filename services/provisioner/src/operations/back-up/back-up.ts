import { backUpClient } from '@alfa-cloud/contracts';
import { clientOperation } from '../common/client-operation.ts';
import { backupIdOf, backupStep } from '../steps/backup.ts';

/** A backup of database and storage, on demand or by schedule, while the client goes on working. The step itself records it. */
export const backUp = clientOperation(backUpClient, (deps) => ({
  steps: (execution) => ({
    backup: backupStep(deps, execution, { kind: execution.data.kind, withStorage: true }),
  }),
  outcome: async (_client, { operationId }) => ({
    fact: null,
    result: { backupId: backupIdOf(operationId) },
  }),
}));
