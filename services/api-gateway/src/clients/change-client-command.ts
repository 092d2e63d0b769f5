import {
  asciiEmail,
  type ChangeClient,
  type ClientChanges,
  type PersonalChanges,
} from '@alfa-cloud/contracts';
import type { Vault } from '@alfa-cloud/secrets';
import { storedDomain } from '../stored-domain.ts';

/** The personal part of what the administrator wrote; empty when there is none. */
const personalChangesOf = ({ name, email, notes }: ClientChanges): PersonalChanges => ({
  ...(name === undefined ? {} : { name: name.trim() }),
  ...(email === undefined ? {} : { email: asciiEmail(email) }),
  ...(notes === undefined ? {} : { notes }),
});

/** `ChangeClient` from what the administrator wrote, its personal part sealed for transport. What is absent stays as it is. */
export const toChangeClientCommand = async (
  clientId: string,
  changes: ClientChanges,
  vault: Pick<Vault, 'seal'>,
): Promise<ChangeClient> => {
  const { locale, limits, aliases, expiryWarnings } = changes;
  const personal = personalChangesOf(changes);
  return {
    clientId,
    ...(Object.keys(personal).length === 0
      ? {}
      : { personal: await vault.seal('transport', JSON.stringify(personal)) }),
    ...(locale === undefined ? {} : { locale }),
    ...(limits === undefined ? {} : { limits }),
    ...(aliases === undefined ? {} : { aliases: [...new Set(aliases.map(storedDomain))] }),
    ...(expiryWarnings === undefined ? {} : { expiryWarnings }),
  };
};
