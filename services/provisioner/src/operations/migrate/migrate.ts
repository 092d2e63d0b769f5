import { type DataOf, message, messageInWords, migrateClient } from '@alfa-cloud/contracts';
import type { Execution, StepWork } from '@alfa-cloud/operations';
import { serverStep } from '@alfa-cloud/servers';
import { final } from '../../on-server/failures.ts';
import { backupIdOf, backupStep } from '../steps/backup.ts';
import type { BackupDeps } from '../../resources/backup/recorded-backup.ts';
import { closeStep, dataLost, openStep } from '../steps/maintenance.ts';
import { putBack } from '../../resources/backup/put-back.ts';
import { notBack } from '../../resources/backup/warnings.ts';
import { clientOperation } from '../common/client-operation.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { ClientConfig } from '../../on-server/client-config.ts';
import { migrateStep } from '../steps/commands.ts';
import { healthyStep } from '../steps/healthy.ts';
import { reachableStep } from '../steps/reachable.ts';
import { wholeSettingsStep } from '../steps/settings.ts';

type Migrate = Execution<DataOf<typeof migrateClient>>;

/** Brings the database to the shape that the image needs, behind the maintenance page. A failure puts back the dump made just before. */
export const migrate = clientOperation(migrateClient, (deps) => ({
  steps: (execution) => ({
    page: closeStep(deps, deps.config, execution, dataLost('migrate')),
    backup: backupStep(deps, execution, {
      kind: 'migration',
      withStorage: false,
      mayDoWithout: true,
      skip: async () => (execution.data.withoutBackup === true ? messageInWords('en', lost) : null),
    }),
    migrate: undoableMigrateStep(deps, deps.config, execution),
    settings: wholeSettingsStep(deps),
    healthy: healthyStep(deps.config),
    open: openStep(deps),
    reachable: reachableStep(deps.config),
  }),
  outcome: async (_client, { operationId, data }) => ({
    fact: null,
    result:
      data.withoutBackup === true
        ? { lost: messageInWords('en', lost) }
        : { backupId: backupIdOf(operationId) },
  }),
}));

const lost = message`No backup was wanted: the database before the migration is gone for good, and a failure can not be taken back`;

const undoableMigrateStep = (
  deps: BackupDeps,
  config: ClientConfig,
  { data, operationId }: Migrate,
): StepWork<ClientOnServer> => {
  const { compensateWhen: _, ...step } = migrateStep(config);
  return serverStep({
    ...step,
    // Taking back may last as long as a restoration.
    deadlineMs: step.deadlineMs + deps.backups.deadlineMs,
    async compensate(client, io) {
      if (data.withoutBackup === true) throw final('no_way_back', lost);
      const location = { clientId: client.client.id, backupId: backupIdOf(operationId) };
      const { backup, warnings } = await putBack(deps, client, location, operationId, io);
      return `The database is what it was: ${backup.database.tables} tables${notBack(warnings)}`;
    },
  });
};
