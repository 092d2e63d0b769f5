import { conforms, PersonalData } from '@alfa-cloud/contracts';
import type { RecordedEvent } from '@alfa-cloud/event-sourcing';
import type { Vault } from '@alfa-cloud/secrets';
import { errorName } from '@alfa-cloud/service-kit';

/** Personal data of a batch of events, by event id. */
export type OpenedPersonalData = ReadonlyMap<string, PersonalData>;

/**
 * Opens what a batch holds of personal data, all at once. An event whose key was destroyed is left out: its attributes become null.
 * @throws whatever else the vault throws, so that a vault out of reach never looks like destroyed data
 */
export const openPersonalData = async (
  events: readonly RecordedEvent[],
  vault: Pick<Vault, 'open'>,
): Promise<OpenedPersonalData> => {
  const opened = new Map<string, PersonalData>();
  await Promise.all(
    events.map(async (recorded) => {
      const sealed = sealedIn(recorded);
      const personal = sealed === null ? null : await open(vault, sealed);
      if (personal !== null) opened.set(recorded.id, personal);
    }),
  );
  return opened;
};

const sealedIn = (recorded: RecordedEvent): string | null => {
  if (recorded.type === 'ClientCreationRequested') return recorded.data.personal;
  if (recorded.type === 'ClientChanged') return recorded.data.personal ?? null;
  return null;
};

const open = async (vault: Pick<Vault, 'open'>, sealed: string): Promise<PersonalData | null> => {
  let text: string;
  try {
    text = await vault.open(sealed);
  } catch (error) {
    if (errorName(error) === 'KeyDestroyed') return null;
    throw error;
  }
  const personal: unknown = JSON.parse(text);
  if (!conforms(PersonalData, personal)) throw new Error('Sealed personal data have an unknown form');
  return personal;
};
