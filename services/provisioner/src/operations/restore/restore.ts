import { type DataOf, message, messageInWords, reject, restoreClient, wordsOf } from '@alfa-cloud/contracts';
import { isCloudServerError } from '@alfa-cloud/cloud-server';
import type { Execution, StepIo, StepWork } from '@alfa-cloud/operations';
import { loadServer, serverStep } from '@alfa-cloud/servers';
import { errorName } from '@alfa-cloud/service-kit';
import { final } from '../../on-server/failures.ts';
import { clientDatabase } from '../../resources/database/client-database.ts';
import type { BackupLocation } from '../../resources/backup/backup-location.ts';
import { backupIdOf, backupStep } from '../steps/backup.ts';
import { recordedBackup } from '../../resources/backup/recorded-backup.ts';
import { closeStep, dataLost, openStep } from '../steps/maintenance.ts';
import { findBackup } from '../../resources/backup/manifest.ts';
import { formerDatabase, putBack, warningsOf } from '../../resources/backup/put-back.ts';
import { notBack } from '../../resources/backup/warnings.ts';
import { clientOperation } from '../common/client-operation.ts';
import { backupElsewhere, fetchStep } from './fetch.ts';
import type { OperationsDeps } from '../common/module.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { awaitSteadyRun } from '../steps/container-watch.ts';
import { healthyStep } from '../steps/healthy.ts';
import { reachableStep } from '../steps/reachable.ts';
import { wholeSettingsStep } from '../steps/settings.ts';

type Restore = Execution<DataOf<typeof restoreClient>>;

const lookMs = 10_000;
const source = { pointer: '/data/attributes/backupId' } as const;

/** Puts a backup back behind the maintenance page, after a backup of what is there. A failure puts that one back. */
export const restore = clientOperation(restoreClient, (deps) => ({
  async admit({ backupId, confirm }, { client }) {
    if (confirm !== true) {
      const detail = message`All that was entered since the backup will be lost. Send "confirm": true if that is meant`;
      throw reject('confirmation_required', detail, { pointer: '/data/attributes/confirm' });
    }
    await assertRestorable(deps, client.serverId, backupId);
  },
  steps: (execution) => ({
    fetch: fetchStep(deps, execution),
    page: closeStep(deps, deps.config, execution, dataLost('restore')),
    backup: backupStep(deps, execution, {
      kind: 'restore',
      withStorage: true,
      mayDoWithout: true,
      skip: (client, io) => whyNotBackedUp(client, execution, io),
    }),
    restore: restoreStep(deps, execution),
    settings: wholeSettingsStep(deps),
    healthy: healthyStep(deps.config),
    open: openStep(deps),
    reachable: reachableStep(deps.config),
  }),
  async outcome(client, { data: { backupId, withoutBackup = false }, operationId }) {
    const found = await locationOf(client, backupId);
    const all = await warningsOf(client, found, operationId);
    const warnings = all.length === 0 ? {} : { warnings: all };
    return {
      fact: { type: 'ClientRestored', data: { backupId, backupOf: found.clientId, ...warnings } },
      result: { backupId, ...warnings, ...(withoutBackup ? { lost: messageInWords('en', lost) } : {}) },
    };
  },
}));

/** The files say where it lies, the events that it is one. */
const assertRestorable = async (deps: OperationsDeps, serverId: string, backupId: string): Promise<void> => {
  const { state } = await loadServer(deps.store, serverId);
  if (state.status === 'absent') throw new Error(`Server ${serverId} does not exist`);
  const options = { deadlineMs: lookMs };
  const found = await findBackup(deps.cloudServers.of(state.server), backupId, options).catch(
    (error: unknown) => {
      if (!isCloudServerError(error)) throw error;
      throw reject('server_unreachable', message`Server ${state.server.name}: ${wordsOf(error)}`);
    },
  );
  if (found !== null && (await recordedBackup(deps.store, found)) !== null) return;
  const elsewhere = await backupElsewhere(deps, backupId).catch((error: unknown) => {
    if (errorName(error) !== 'MessagingUnavailable') throw error;
    return null;
  });
  if (elsewhere === null || elsewhere.server.id === serverId) {
    throw reject('backup_unknown', message`There is no backup ${backupId}`, source);
  }
};

const lost = message`No backup of the state before was wanted: it is gone for good, with all that was entered since the backup`;

/** A client whose database is gone can be restored all the same. */
const whyNotBackedUp = async (
  client: ClientOnServer,
  { data }: Restore,
  { signal }: { signal: AbortSignal },
): Promise<string | null> => {
  if (data.withoutBackup === true)
    return `${messageInWords('en', lost)}. A restoration that fails can not be taken back`;
  const { database } = await clientDatabase(client).inspect({ signal });
  return database === 'absent' ? `There is no database ${client.names.database} to back up` : null;
};

const locationOf = async (
  { cloud }: ClientOnServer,
  backupId: string,
  signal?: AbortSignal,
): Promise<BackupLocation> => {
  const found = await findBackup(cloud, backupId, signal === undefined ? {} : { signal });
  if (found === null)
    throw final('backup_missing', message`Backup ${backupId} is not on the server any more`);
  return found;
};

const restoreStep = (deps: OperationsDeps, { data, operationId }: Restore): StepWork<ClientOnServer> =>
  serverStep({
    deadlineMs: 2 * deps.backups.deadlineMs + 120_000,
    async act(client, io) {
      const found = await locationOf(client, data.backupId, io.signal);
      const { backup, warnings } = await putBack(deps, client, found, operationId, io);
      const files = backup.storage === null ? '' : ` and ${backup.storage.files} files`;
      return `${backup.database.tables} tables${files} are back${notBack(warnings)}`;
    },
    verify: (client, { signal }) => awaitSteadyRun(client, deps.config.steadyMs, signal),
    async compensate(client, io) {
      const before = { clientId: client.client.id, backupId: backupIdOf(operationId) };
      if ((await recordedBackup(deps.store, before)) === null) {
        return withoutWayBack(client, { data, operationId }, io);
      }
      const { warnings } = await putBack(deps, client, before, operationId, io);
      return `The data are what they were before${notBack(warnings)}`;
    },
  });

/** Takes back what can be without a backup of the state before. */
const withoutWayBack = async (
  client: ClientOnServer,
  { data, operationId }: Pick<Restore, 'data' | 'operationId'>,
  io: Pick<StepIo, 'signal'>,
): Promise<string> => {
  if (data.withoutBackup !== true) return backToNothing(client, io);
  const found = await locationOf(client, data.backupId, io.signal);
  const former = await formerDatabase(client, found, operationId, io);
  if (former === 'absent') return backToNothing(client, io);
  if (former === 'gone')
    throw final('no_way_back', message`${lost}. What is there is what the restoration has left`);
  await startAgain(client, io);
  return 'Nothing was touched';
};

/** Before it there was no database, and half of one must not be taken for the client's. */
const backToNothing = async (client: ClientOnServer, io: Pick<StepIo, 'signal'>): Promise<string> => {
  await clientDatabase(client).dropOnlyDatabase({ signal: io.signal });
  await startAgain(client, io);
  return 'As before, there is no database';
};

const startAgain = async (
  { cloud, names }: ClientOnServer,
  { signal }: Pick<StepIo, 'signal'>,
): Promise<void> => {
  const container = await cloud.docker.container(names.container, { signal });
  if (container !== null) await cloud.docker.startContainer(names.container, { signal });
};
