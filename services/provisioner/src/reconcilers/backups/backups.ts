import { isCloudServerError } from '@alfa-cloud/cloud-server';
import { deriveId, streams, type BackupView, type ClientView } from '@alfa-cloud/contracts';
import { handleCommand, type EventStore } from '@alfa-cloud/event-sourcing';
import type { CommandSender, QuerySender } from '@alfa-cloud/messaging';
import { errorMessage, type Clock, type Logger } from '@alfa-cloud/service-kit';
import type { CloudServers } from '../../on-server/cloud-servers.ts';
import { loadClient, loadServer } from '../../domain/load.ts';
import { ownCause } from '@alfa-cloud/operations';
import { createRounds, type Rounds } from '../periodic-task.ts';
import { operationIdOf } from '../../operations/common/accept-and-run.ts';
import { activeClients } from '../../read-models/active-clients.ts';
import { clientDecider } from '../../domain/client.ts';
import { directoryOf } from '../../resources/backup/backup-place.ts';
import { removeBackupFiles } from '../../resources/backup/backup-files.ts';

export interface KeeperSettings {
  /** From the begin of a round to the begin of the next, ms. */
  roundMs: number;
  /** A client whose newest backup is older than this gets another one, ms; 0: none is made by schedule. */
  everyMs: number;
}

export interface KeeperDeps {
  store: EventStore;
  queries: QuerySender;
  /** Asked for when there is something to send. */
  commands: () => CommandSender;
  cloudServers: CloudServers;
  clock: Clock;
  logger: Logger;
  settings: KeeperSettings;
}

/** Backups removed in one round, and backups at work at the same time: more would fill the queues that people's own requests wait in. */
const mostInRound = 20;
const pageSize = 100;
/** After a failure a client's turn comes again when a quarter of the time between two backups is over. */
const turnsInEvery = 4;

/**
 * Asks for the backups that are due, and removes those whose time is over: first the files, then the record, so that what is recorded is there.
 * Several replicas do no harm: the command's id follows from client and turn, and removing twice is removing once.
 */
export const createKeeper = (deps: KeeperDeps): Rounds =>
  createRounds({
    failure: 'backups could not be looked after',
    everyMs: deps.settings.roundMs,
    round: (signal) => keepOnce(deps, signal),
    logger: deps.logger,
  });

/** One round. What is due and not reached is left to the next one. */
export const keepOnce = async (deps: KeeperDeps, signal: AbortSignal): Promise<void> => {
  await removeExpired(deps, signal);
  if (deps.settings.everyMs > 0) await askForDue(deps, signal);
};

const removeExpired = async (deps: KeeperDeps, signal: AbortSignal): Promise<void> => {
  const away = new Set<string>();
  let removed = 0;
  for await (const backups of expiredBackups(deps, signal)) {
    for (const backup of backups.filter(({ serverId }) => !away.has(serverId))) {
      try {
        // Only what was removed counts: what can not be removed now must not keep others' backups from their turn.
        if (await remove(deps, backup, signal)) removed += 1;
        if (removed >= mostInRound) return;
      } catch (error) {
        if (signal.aborted) throw error;
        const isAway = isCloudServerError(error) && error.kind === 'transient';
        if (isAway) away.add(backup.serverId);
        const level = isAway ? 'debug' : 'warn';
        deps.logger[level]({ backupId: backup.id, reason: errorMessage(error) }, 'backup not removed');
      }
    }
  }
};

/** Page by page. What is removed meanwhile moves later pages, so a round may pass some over, and the next one has them. */
async function* expiredBackups(
  { queries, clock }: KeeperDeps,
  signal: AbortSignal,
): AsyncGenerator<BackupView[]> {
  const expiredBy = clock().toISOString();
  for (let number = 1; ; number += 1) {
    const page = { number, size: pageSize };
    const request = { clientId: null, include: 'present' as const, expiredBy, page };
    const { result } = await queries.ask('ListBackups', request, { signal });
    yield result.items;
    if (result.items.length < pageSize) return;
  }
}

/** The read models choose; the events decide. */
const remove = async (
  { store, cloudServers, clock }: KeeperDeps,
  { id: backupId, clientId }: BackupView,
  signal: AbortSignal,
): Promise<boolean> => {
  const { state } = await loadClient(store, clientId);
  if (state.status !== 'active' && state.status !== 'deleted') return false;
  const backup = state.backups.find((other) => other.backupId === backupId);
  if (backup === undefined || backup.keepUntil > clock().toISOString()) return false;
  // It may be what the operation needs, to go forwards or back.
  if (state.status === 'active' && state.operation !== null) return false;
  const { state: server } = await loadServer(store, backup.serverId);
  // Of a server that was removed there is nothing to be reached any more.
  if (server.status !== 'absent' && server.status !== 'removed') {
    const cloud = cloudServers.of(server.server);
    const place = { clientId, backupId };
    // A client that lives may begin another backup in this moment, so its own directory stays.
    if (state.status === 'deleted') await removeBackupFiles(cloud, place, { signal });
    else await cloud.files.removeDirectory(directoryOf(place), { signal });
  }
  await handleCommand(store, {
    stream: streams.client(clientId),
    decider: clientDecider,
    command: { type: 'remove_backup', backupId },
    cause: ownCause(),
    eventIds: (index) => deriveId(backupId, 'removed', index),
  });
  return true;
};

const askForDue = async (deps: KeeperDeps, signal: AbortSignal): Promise<void> => {
  let room = mostInRound - (await backupsAtWork(deps, signal));
  if (room <= 0) return;
  for await (const clients of activeClients(deps.queries, {}, signal)) {
    for (const client of clients.filter((view) => isDue(deps, view))) {
      const command = commandFor(deps, client.id);
      // Clients whose backups fail stay due; they must not keep all others from their turn.
      if (await hasBegun(deps, command)) continue;
      await deps.commands().send(command, { waitMs: 0 });
      room -= 1;
      if (room <= 0) return;
    }
  }
};

const backupsAtWork = async ({ queries }: KeeperDeps, signal: AbortSignal): Promise<number> => {
  const ask = async (status: 'accepted' | 'running') => {
    const filter = { kind: 'client.back_up', status };
    const request = { page: { number: 1, size: 1 }, filter };
    return (await queries.ask('ListOperations', request, { signal })).result.total;
  };
  return (await ask('accepted')) + (await ask('running'));
};

const isDue = (
  { clock, settings }: KeeperDeps,
  { lastBackupAt, createdAt, runningOperationId }: ClientView,
): boolean =>
  runningOperationId === null &&
  Date.parse(lastBackupAt ?? createdAt) <= clock().getTime() - settings.everyMs;

const hasBegun = async ({ store }: KeeperDeps, command: { id: string }): Promise<boolean> =>
  (await store.read(streams.operation(operationIdOf(command)))).revision !== null;

const commandFor = ({ clock, settings }: KeeperDeps, clientId: string) => {
  const turn = Math.floor((clock().getTime() / settings.everyMs) * turnsInEvery);
  const id = deriveId(clientId, 'scheduled-backup', turn);
  return {
    id,
    name: 'BackUpClient' as const,
    data: { clientId, kind: 'scheduled' as const },
    actor: 'alfa-cloud',
    correlationId: id,
    causationId: id,
    issuedAt: clock().toISOString(),
    fingerprint: id,
  };
};
