import { type DataOf, deriveId, message, type restoreClient, streams } from '@alfa-cloud/contracts';
import type { ClientEvent } from '@alfa-cloud/contracts';
import type { Execution, StepIo, StepWork } from '@alfa-cloud/operations';
import { handleCommand } from '@alfa-cloud/event-sourcing';
import { loadServer, type RegisteredServer, serverStep } from '@alfa-cloud/servers';
import { errorName } from '@alfa-cloud/service-kit';
import { clientDecider } from '../../domain/client.ts';
import { loadClient } from '../../domain/load.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { final, transient } from '../../on-server/failures.ts';
import { removeBackupFiles } from '../../resources/backup/backup-files.ts';
import { directoryOf, type BackupLocation } from '../../resources/backup/backup-location.ts';
import { findBackup } from '../../resources/backup/manifest.ts';
import { recordedBackup } from '../../resources/backup/recorded-backup.ts';
import { copyBackup } from '../../resources/transfer/backup.ts';
import type { OperationsDeps } from '../common/module.ts';
import { transferIo } from '../steps/transfer-io.ts';

type Restore = Execution<DataOf<typeof restoreClient>>;
type Deps = Pick<OperationsDeps, 'store' | 'queries' | 'cloudServers' | 'backups'>;

interface FoundBackup {
  location: BackupLocation;
  server: RegisteredServer;
}

/**
 * A backup by the read models, and by its events where it lies. Null: there is none, or its server is gone.
 * @throws MessagingUnavailable when the read models are away
 */
export const backupElsewhere = async (
  { store, queries }: Pick<Deps, 'store' | 'queries'>,
  backupId: string,
): Promise<FoundBackup | null> => {
  const page = { number: 1, size: 1 };
  const request = { clientId: null, include: 'present' as const, backupId, page };
  const { result } = await queries.ask('ListBackups', request);
  const owner = result.items.find(({ id }) => id === backupId)?.clientId;
  if (owner === undefined) return null;
  const location = { clientId: owner, backupId };
  const backup = await recordedBackup(store, location);
  if (backup === null) return null;
  const { state } = await loadServer(store, backup.serverId);
  return state.status === 'absent' || state.status === 'removed' ? null : { location, server: state.server };
};

/**
 * Brings the backup to the client's server if it lies on another one, while the client is at work, and records that it lies here: a backup is
 * in one place. It stays here whatever comes of the restoration.
 */
export const fetchStep = (deps: Deps, { data, operationId, cause }: Restore): StepWork<ClientOnServer> =>
  serverStep({
    deadlineMs: 2 * deps.backups.deadlineMs + 120_000,
    cancellable: true,
    async act({ cloud, server }, io) {
      const { signal } = io;
      const here = await backupHere(deps, { cloud, server }, data.backupId, signal);
      if (here !== null) {
        await removeFormer(deps, here, operationId, io);
        return 'The backup is on this server';
      }
      const found = await elsewhereOrFail(deps, data.backupId);
      if (found.server.id === server.id) throw gone(data.backupId);
      await copyBackup(deps.cloudServers.of(found.server), cloud, found.location, transferIo(io, 'backup'));
      const { clientId } = found.location;
      await handleCommand(deps.store, {
        stream: streams.client(clientId),
        decider: clientDecider,
        command: {
          type: 'move_backup',
          backupId: data.backupId,
          operationId,
          to: server.id,
          toName: server.name,
        },
        cause,
        eventIds: (index) => deriveId(operationId, 'backup moved', String(index)),
      });
      await removeFormer(deps, found.location, operationId, io);
      return `The backup was brought here from server ${found.server.name}`;
    },
    async compensate({ cloud, server }, io) {
      if ((await backupHere(deps, { cloud, server }, data.backupId, io.signal)) !== null) {
        return 'The backup stays on this server';
      }
      const found = await elsewhereOrFail(deps, data.backupId);
      if (found.server.id === server.id) return 'There is no backup on this server';
      await cloud.files.removeDirectory(directoryOf(found.location), { signal: io.signal });
      return `The backup stays on server ${found.server.name}`;
    },
  });

/** Null when its files are not here, or are not on record as being here. */
const backupHere = async (
  { store }: Pick<Deps, 'store'>,
  { cloud, server }: Pick<ClientOnServer, 'cloud' | 'server'>,
  backupId: string,
  signal: AbortSignal,
): Promise<BackupLocation | null> => {
  const here = await findBackup(cloud, backupId, { signal });
  const recorded = here === null ? null : await recordedBackup(store, here);
  return recorded?.serverId === server.id ? here : null;
};

const gone = (backupId: string) =>
  final('backup_missing', message`Backup ${backupId} is not on the server any more`);

const elsewhereOrFail = async (deps: Deps, backupId: string): Promise<FoundBackup> => {
  const found = await backupElsewhere(deps, backupId).catch((error: unknown) => {
    if (errorName(error) !== 'MessagingUnavailable') throw error;
    throw transient('read_models_away', message`The read models do not tell where backup ${backupId} lies`);
  });
  if (found === null) throw gone(backupId);
  return found;
};

/** Removes the files where this operation has brought the backup away from. */
const removeFormer = async (
  deps: Deps,
  location: BackupLocation,
  operationId: string,
  { signal }: Pick<StepIo, 'signal'>,
): Promise<void> => {
  const { events } = await deps.store.read<ClientEvent>(streams.client(location.clientId));
  const moved = events.findLast(
    ({ type, data }) => type === 'ClientBackupMoved' && data.operationId === operationId,
  );
  if (moved?.type !== 'ClientBackupMoved') return;
  const { state } = await loadServer(deps.store, moved.data.from);
  if (state.status === 'absent' || state.status === 'removed') return;
  const cloud = deps.cloudServers.of(state.server);
  const { state: owner } = await loadClient(deps.store, location.clientId);
  // A client in use may begin another backup at this moment, so its own directory stays.
  if (owner.status === 'deleted') await removeBackupFiles(cloud, location, { signal });
  else await cloud.files.removeDirectory(directoryOf(location), { signal });
};
