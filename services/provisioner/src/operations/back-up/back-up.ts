import type { CommandData } from '@alfa-cloud/contracts';
import { backupIdOf, backupStep } from '../steps/backup.ts';
import type { BackupDeps } from '../../resources/backup/recorded-backup.ts';
import type { ClientAction } from '../common/client-operation.ts';

/** A backup of database and storage, on demand or by schedule, while the client goes on working. The step itself records it. */
export const backUp = (deps: BackupDeps): ClientAction<CommandData<'BackUpClient'>> => ({
  kind: 'client.back_up',
  steps: (run) => [backupStep(deps, run, { kind: run.data.kind, withStorage: true })],
  outcome: async (_client, { operationId }) => ({
    fact: null,
    result: { backupId: backupIdOf(operationId) },
  }),
});
