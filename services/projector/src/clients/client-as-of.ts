import { message, reject, streams, type BackupView, type ClientEvent } from '@alfa-cloud/contracts';
import type { EventStore, RecordedEvent } from '@alfa-cloud/event-sourcing';
import type { Vault } from '@alfa-cloud/secrets';
import { errorName, type Logger } from '@alfa-cloud/service-kit';
import { isBackupEvent, isWhole, projectBackup } from '../backups/project-backup.ts';
import { instant } from '../answering/instant.ts';
import { deletedClient, type ClientAsItWas } from './client-queries.ts';
import { openPersonalData, unreadableTo, type OpenedPersonalData } from './personal-data.ts';
import { projectClient, type StoredClient } from './project-client.ts';

export interface ClientAsOfDeps {
  eventStore: Pick<EventStore, 'read'>;
  vault: Pick<Vault, 'open'>;
  logger: Pick<Logger, 'error'>;
}

/**
 * A client as it was at a moment, put together from the events that stood in its stream by then.
 * @throws Rejection `validation_failed` for a malformed moment, `not_found` when the client was not there yet, `gone` when it was deleted
 * already, `unavailable` when the event store does not answer
 */
export const clientAsOf = async (
  { eventStore, vault, logger }: ClientAsOfDeps,
  id: string,
  asOf: string,
): Promise<ClientAsItWas> => {
  const moment = instant(asOf, 'asOf');
  const all = await readClient(eventStore, id);
  // What was written after a later event was written later itself, whatever the clock of its writer said.
  const events = all.slice(0, all.findLastIndex(({ metadata }) => metadata.at <= moment) + 1);
  // The key of a deleted client is destroyed a moment after the event: its personal data are gone from the event on.
  const isDeleted = all.some(({ type }) => type === 'ClientDeleted');
  const personal: OpenedPersonalData = isDeleted
    ? new Map()
    : await openPersonalData(events, vault, unreadableTo(logger));
  const client = events.reduce<StoredClient | null>(
    (current, recorded) => projectClient(current, recorded, personal.get(recorded.id) ?? null),
    null,
  );
  if (client === null) throw reject('not_found', message`There was no such client at that moment`);
  const { status, ...attributes } = client;
  if (status === 'deleted') throw deletedClient();
  return { ...attributes, status, lastBackupAt: lastBackupAt(events) };
};

/** Pure. */
const lastBackupAt = (events: readonly RecordedEvent<ClientEvent>[]): string | null => {
  const backups = new Map<string, BackupView>();
  for (const recorded of events.filter(isBackupEvent)) {
    const { backupId } = recorded.data;
    const backup = projectBackup(backups.get(backupId) ?? null, recorded);
    if (backup !== null) backups.set(backupId, backup);
  }
  const moments = [...backups.values()].filter(isWhole).map(({ createdAt }) => createdAt);
  return moments.sort().at(-1) ?? null;
};

const readClient = async (
  eventStore: Pick<EventStore, 'read'>,
  id: string,
): Promise<RecordedEvent<ClientEvent>[]> => {
  try {
    return (await eventStore.read<ClientEvent>(streams.client(id))).events;
  } catch (error) {
    if (errorName(error) !== 'EventStoreUnavailable') throw error;
    throw reject('unavailable', message`The event store does not answer; try again a little later`);
  }
};
