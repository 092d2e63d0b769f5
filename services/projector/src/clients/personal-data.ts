import { conforms, PersonalData } from '@alfa-cloud/contracts';
import type { RecordedEvent } from '@alfa-cloud/event-sourcing';
import type { Vault } from '@alfa-cloud/secrets';
import { errorMessage, errorName, type Logger } from '@alfa-cloud/service-kit';

/** Personal data of a batch of events, by event id. */
export type OpenedPersonalData = ReadonlyMap<string, PersonalData>;

/**
 * Opens what a batch holds of personal data, all at once. An event whose key was destroyed, or which does not open with it and never will,
 * is left out: its attributes become null.
 * @param onUnreadable called for an event that should be readable and is not
 * @throws whatever else the vault throws, so that a vault out of reach never looks like destroyed data
 */
export const openPersonalData = async (
  events: readonly RecordedEvent[],
  vault: Pick<Vault, 'open'>,
  onUnreadable: (recorded: RecordedEvent, reason: string) => void,
): Promise<OpenedPersonalData> => {
  const opened = new Map<string, PersonalData>();
  const openOne = async (recorded: RecordedEvent, sealed: string): Promise<void> => {
    const personal = await open(vault, sealed, (reason) => onUnreadable(recorded, reason));
    if (personal !== null) opened.set(recorded.id, personal);
  };
  const opening: Promise<void>[] = [];
  // Few events hold any, and a promise for each of the others costs as much as projecting it.
  for (const recorded of events) {
    const sealed = sealedIn(recorded);
    if (sealed !== null) opening.push(openOne(recorded, sealed));
  }
  await Promise.all(opening);
  return opened;
};

/** Names in the log what can't be read any more; of its content nothing is told. */
export const unreadableTo =
  (logger: Pick<Logger, 'error'>) =>
  ({ id, type, stream }: RecordedEvent, reason: string): void =>
    logger.error({ eventId: id, type, stream, reason }, 'Personal data can not be read: shown as null');

const sealedIn = (recorded: RecordedEvent): string | null => {
  if (recorded.type === 'ClientCreationRequested') return recorded.data.personal;
  if (recorded.type === 'ClientChanged') return recorded.data.personal ?? null;
  return null;
};

const open = async (
  vault: Pick<Vault, 'open'>,
  sealed: string,
  onUnreadable: (reason: string) => void,
): Promise<PersonalData | null> => {
  let text: string;
  try {
    text = await vault.open(sealed);
  } catch (error) {
    const name = errorName(error);
    if (name !== 'KeyDestroyed' && name !== 'SealBroken') throw error;
    if (name === 'SealBroken') onUnreadable(errorMessage(error));
    return null;
  }
  const personal = parsed(text);
  if (conforms(PersonalData, personal)) return personal;
  onUnreadable('The sealed text has an unknown form');
  return null;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
