import { deriveId, streams, type ClientView, type Command, type CommandData } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { CommandSender, QuerySender } from '@alfa-cloud/messaging';
import type { Clock, Logger } from '@alfa-cloud/service-kit';
import { operationIdOf } from '@alfa-cloud/operations';
import { activeClients } from '../../read-models/in-use.ts';
import { createReconciler, type Reconciler } from '../reconciler.ts';

export interface BackupScheduleConfig {
  /** From the begin of a round to the begin of the next, ms; of the removal of expired backups as well. */
  roundMs: number;
  /** A client whose newest backup is older than this gets another one, ms; 0: none is made by schedule. */
  everyMs: number;
}

export interface BackupScheduleDeps {
  store: EventStore;
  queries: QuerySender;
  /** Asked for when there is something to send: it is there once the service is connected. */
  commands: () => CommandSender;
  clock: Clock;
  logger: Logger;
  config: BackupScheduleConfig;
}

/** Scheduled backups under way at the same time: more would fill the queues in which people's own requests wait. */
const underWayMax = 20;
/** A client whose backup has failed is tried again after this part of the time between two backups. */
const triesPerPeriod = 4;

/** Sends the commands for backups that are due. The command's id follows from client and time, so several replicas have one effect. */
export const createBackupScheduler = (deps: BackupScheduleDeps): Reconciler<ClientView> => {
  const { store, queries, commands, config, logger } = deps;
  let room = 0;
  return createReconciler({
    name: 'backup schedule',
    idName: 'clientId',
    everyMs: config.roundMs,
    parallel: 1,
    async *choose(signal) {
      if (config.everyMs === 0) return;
      room = underWayMax - (await backupsUnderWay(queries, signal));
      if (room <= 0) return;
      for await (const client of activeClients(queries, {}, signal)) {
        if (isDue(deps, client)) yield client;
        if (room <= 0) return;
      }
    },
    async reconcile({ id }) {
      const command = commandFor(deps, id);
      // It has failed in this period: its client stays due, and must not take the place of another.
      if (await hasBegun(store, command)) return;
      room -= 1;
      await commands().send(command, { waitMs: 0 });
    },
    logger,
  });
};

const backupsUnderWay = async (queries: QuerySender, signal: AbortSignal): Promise<number> => {
  const count = async (status: 'accepted' | 'running') => {
    const filter = { kind: 'client.back_up', status };
    const request = { page: { number: 1, size: 1 }, filter };
    return (await queries.ask('ListOperations', request, { signal })).result.total;
  };
  return (await count('accepted')) + (await count('running'));
};

const isDue = (
  { clock, config }: BackupScheduleDeps,
  { lastBackupAt, createdAt, runningOperationId }: ClientView,
): boolean =>
  runningOperationId === null && Date.parse(lastBackupAt ?? createdAt) <= clock().getTime() - config.everyMs;

const hasBegun = async (store: EventStore, command: { id: string }): Promise<boolean> =>
  (await store.read(streams.operation(operationIdOf(command)))).revision !== null;

const commandFor = (
  { clock, config }: BackupScheduleDeps,
  clientId: string,
): Command<CommandData<'BackUpClient'>, 'BackUpClient'> => {
  const turn = Math.floor((clock().getTime() / config.everyMs) * triesPerPeriod);
  const id = deriveId(clientId, 'scheduled-backup', turn);
  return {
    id,
    name: 'BackUpClient',
    data: { clientId, kind: 'scheduled' },
    actor: 'alfa-cloud',
    correlationId: id,
    causationId: id,
    issuedAt: clock().toISOString(),
    fingerprint: id,
  };
};
