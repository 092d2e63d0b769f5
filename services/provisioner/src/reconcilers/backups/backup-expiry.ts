import { deriveId, type BackupView } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { QuerySender } from '@alfa-cloud/messaging';
import { type CloudServers, loadServer } from '@alfa-cloud/servers';
import type { Clock, Logger } from '@alfa-cloud/service-kit';
import { directoryOf } from '../../resources/backup/backup-location.ts';
import { removeBackupFiles } from '../../resources/backup/backup-files.ts';
import { loadClient } from '../../domain/load.ts';
import { recordOnClient } from '../record.ts';
import { createReconciler, type Reconciler } from '../reconciler.ts';
import { isTransient } from '../work-queue.ts';
import type { BackupScheduleConfig } from './backup-schedule.ts';

export interface BackupExpiryDeps {
  store: EventStore;
  queries: QuerySender;
  cloudServers: CloudServers;
  clock: Clock;
  logger: Logger;
  config: Pick<BackupScheduleConfig, 'roundMs'>;
}

const pageSize = 100;
/** Backups removed in one round; the next one takes the rest. */
const removedMax = 20;

/** Removes backups whose time is over: first the files, then the record, so that every backup on record has its files. */
export const createBackupExpiry = (deps: BackupExpiryDeps): Reconciler<BackupView> => {
  const away = new Set<string>();
  let removed = 0;
  return createReconciler({
    name: 'expired backups',
    idName: 'backupId',
    everyMs: deps.config.roundMs,
    parallel: 1,
    async *choose(signal) {
      away.clear();
      removed = 0;
      for await (const backup of expiredBackups(deps, signal)) {
        if (!away.has(backup.serverId)) yield backup;
        if (removed >= removedMax) return;
      }
    },
    async reconcile(backup, signal) {
      try {
        // Backups that are kept do not count, so that they can't keep others from being removed.
        if (await remove(deps, backup, signal)) removed += 1;
      } catch (error) {
        if (isTransient(error)) away.add(backup.serverId);
        throw error;
      }
    },
    logger: deps.logger,
  });
};

/** A removal moves those on later pages forward, so a round may miss some; the next one finds them. */
async function* expiredBackups(
  { queries, clock }: BackupExpiryDeps,
  signal: AbortSignal,
): AsyncGenerator<BackupView> {
  const expiredBy = clock().toISOString();
  for (let number = 1; ; number += 1) {
    const page = { number, size: pageSize };
    const request = { clientId: null, include: 'present' as const, expiredBy, page };
    const { result } = await queries.ask('ListBackups', request, { signal });
    yield* result.items;
    if (result.items.length < pageSize) return;
  }
}

/** @returns whether the backup was removed; false as well where its events keep it */
const remove = async (
  { store, cloudServers, clock }: BackupExpiryDeps,
  { id: backupId, clientId }: BackupView,
  signal: AbortSignal,
): Promise<boolean> => {
  const { state } = await loadClient(store, clientId);
  if (state.status !== 'active' && state.status !== 'deleted') return false;
  const backup = state.backups.find((other) => other.backupId === backupId);
  if (backup === undefined || backup.keepUntil > clock().toISOString()) return false;
  // The running operation may need it, to go on or to take back what it has done.
  if (state.status === 'active' && state.operation !== null) return false;
  const { state: server } = await loadServer(store, backup.serverId);
  // A server that was removed can't be reached any more.
  if (server.status !== 'absent' && server.status !== 'removed') {
    const cloud = cloudServers.of(server.server);
    const location = { clientId, backupId };
    // A client in use may begin another backup at this moment, so its own directory stays.
    if (state.status === 'deleted') await removeBackupFiles(cloud, location, { signal });
    else await cloud.files.removeDirectory(directoryOf(location), { signal });
  }
  await recordOnClient(
    store,
    clientId,
    { type: 'remove_backup', backupId },
    deriveId(backupId, 'removed', 0),
  );
  return true;
};
