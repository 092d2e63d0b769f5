import { conforms, PersonalData, streams, type ClientEvent } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { Vault } from '@alfa-cloud/secrets';
import { clientFacts, type ClientFacts } from './client-facts.ts';

/** Null for a client that was never asked for. @throws EventStoreUnavailable */
export const loadClientFacts = async (store: EventStore, clientId: string): Promise<ClientFacts | null> => {
  const { events } = await store.read<ClientEvent>(streams.client(clientId));
  return clientFacts(events);
};

/** @throws KeyDestroyed · SealBroken · MessagingUnavailable */
export const openPersonal = async (vault: Pick<Vault, 'open'>, facts: ClientFacts): Promise<PersonalData> => {
  const personal: unknown = JSON.parse(await vault.open(facts.personal));
  if (!conforms(PersonalData, personal)) throw new Error('The personal data have an unknown form');
  return personal;
};

/** The owner's password as it was last set through Alfa Cloud. @throws as {@link openPersonal} */
export const openOwnerPassword = async (vault: Pick<Vault, 'open'>, facts: ClientFacts): Promise<string> => {
  const secrets = JSON.parse(await vault.open(facts.secrets)) as { ownerPassword?: unknown };
  if (typeof secrets.ownerPassword !== 'string') throw new Error('The secrets have an unknown form');
  return secrets.ownerPassword;
};
