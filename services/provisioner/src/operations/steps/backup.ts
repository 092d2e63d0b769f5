import { type BackupKind, deriveId, message } from '@alfa-cloud/contracts';
import type { Execution, StepFailure, StepIo, StepWork } from '@alfa-cloud/operations';
import { serverStep } from '@alfa-cloud/servers';
import { errorName } from '@alfa-cloud/service-kit';
import { scriptOf } from '../../on-server/database-script.ts';
import { endCommand } from '../../on-server/end-command.ts';
import { final } from '../../on-server/failures.ts';
import { serverPaths } from '../../on-server/names.ts';
import { decideOnClient } from '../../domain/decide-on-client.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { removeBackupFiles } from '../../resources/backup/backup-files.ts';
import { directoryOf, manifestOf, type BackupLocation } from '../../resources/backup/backup-location.ts';
import { dumpDatabase } from '../../resources/backup/dump.ts';
import { manifestText } from '../../resources/backup/manifest.ts';
import { recordedBackup, type BackupDeps } from '../../resources/backup/recorded-backup.ts';
import { packStorage, removeStorageContainer, storageRun } from '../../resources/backup/storage.ts';
import { namesOf } from '../../resources/backup/warnings.ts';

const dayMs = 86_400_000;
const slackMs = 120_000;

/** The backup that an operation makes: one at most. */
export const backupIdOf = (operationId: string): string => deriveId(operationId, 'backup');

/**
 * Makes a backup, verified, and records it. Until then all of it can be thrown away, so a repeated run begins anew.
 * @param skip answers why there is nothing to back up; null: there is
 */
export const backupStep = (
  deps: BackupDeps,
  { operationId, cause }: Pick<Execution<unknown>, 'operationId' | 'cause'>,
  wanted: {
    kind: BackupKind;
    withStorage: boolean;
    /** The operation can be asked for with `withoutBackup`, and a failure that speaks of the data says so. Default false. */
    mayDoWithout?: boolean;
    skip?(client: ClientOnServer, io: StepIo): Promise<string | null>;
  },
): StepWork<ClientOnServer> => {
  const locationOf = ({ client }: ClientOnServer): BackupLocation => ({
    clientId: client.id,
    backupId: backupIdOf(operationId),
  });
  return serverStep({
    deadlineMs: 2 * deps.backups.deadlineMs + slackMs,
    cancellable: true,
    probe: async (client) => (await recordedBackup(deps.store, locationOf(client))) !== null,
    async act(client, io) {
      const nothing = (await wanted.skip?.(client, io)) ?? null;
      if (nothing !== null) return nothing;
      const { cloud, client: made, server } = client;
      const location = locationOf(client);
      const { signal } = io;
      await cloud.files.createDirectory(serverPaths.backups, { signal, mode: 0o700 });
      await cloud.files.createDirectory(directoryOf(location), { signal, mode: 0o700 });
      const files = { location, withStorage: wanted.withStorage, operationId };
      const { database, storage, migrations, warnings } = await writeFiles(deps, client, files, io).catch(
        (error: unknown) => {
          throw wanted.mayDoWithout === true ? withWayOut(error) : error;
        },
      );
      const keepMs = deps.backups.keepDays[wanted.kind] * dayMs;
      const keepUntil = new Date(deps.clock().getTime() + keepMs).toISOString();
      const { kind } = wanted;
      const { image, slug } = made;
      const facts = {
        backupId: location.backupId,
        kind,
        serverId: server.id,
        image,
        database,
        storage,
        ...(warnings.length === 0 ? {} : { warnings }),
        keepUntil,
      };
      const manifest = manifestText({ ...facts, clientId: made.id, operationId, slug, migrations });
      await cloud.files.writeAtomic(manifestOf(location), manifest, { signal, mode: 0o600 });
      const fact = { type: 'ClientBackedUp', data: facts } as const;
      const command = { type: 'record_fact', operationId, fact } as const;
      await decideOnClient(deps.store, { clientId: made.id, operationId, key: 'backup', cause, command });
      const stored = storage === null ? '' : `, ${storage.files} files`;
      const broken = warnings.length === 0 ? '' : `; only as text: ${namesOf(warnings)}`;
      return `Backup ${location.backupId}: ${database.tables} tables${stored}${broken}`;
    },
    async compensate(client, io) {
      // A dump that a crash has left behind would go on writing where files are removed.
      await endCommand(client.cloud, scriptOf(client.names.database, io.operationId));
      await removeStorageContainer(client, io);
      const location = locationOf(client);
      if ((await recordedBackup(deps.store, location)) !== null) return `Backup ${location.backupId} is kept`;
      await removeBackupFiles(client.cloud, location, { signal: io.signal });
      return 'Nothing is left of the backup';
    },
  });
};

const writeFiles = async (
  deps: BackupDeps,
  client: ClientOnServer,
  {
    location,
    withStorage,
    operationId,
  }: { location: BackupLocation; withStorage: boolean; operationId: string },
  io: StepIo,
) => {
  const { facts: database, ...rest } = await dumpDatabase(client, location, deps.backups.deadlineMs, io);
  const run = storageRun(deps, operationId);
  const storage = withStorage ? await packStorage(client, location, run, io) : null;
  return { database, storage, ...rest };
};

/** Failures that come from the client's data: they would be the same the next time. */
const ofData: ReadonlySet<string> = new Set(['backup_failed', 'row_too_large']);

const withWayOut = (error: unknown): unknown => {
  if (errorName(error) !== 'StepFailure') return error;
  const { code, words } = error as StepFailure;
  if (!ofData.has(code)) return error;
  return final(
    code,
    message`Where the data can not be backed up, withoutBackup=true does without it. ${words}`,
  );
};
