import {
  message,
  told,
  asciiEmail,
  type ClientAttributes,
  type CreateClient,
  defaultLimits,
  type Fault,
  faultsOf,
  PersonalData,
} from '@alfa-cloud/contracts';
import type { Vault } from '@alfa-cloud/secrets';

/** Personal data as the administrator wrote it; the owner logs in with the e-mail address, as it is stored, unless told otherwise. */
export const personalDataOf = (attributes: ClientAttributes): PersonalData => ({
  name: attributes.name.trim(),
  email: asciiEmail(attributes.email),
  ownerLogin: attributes.ownerLogin ?? asciiEmail(attributes.email),
  notes: attributes.notes ?? '',
});

/** Faults that only the defaults bring: an e-mail address that can't serve as login. */
export const faultsOfDefaults = (attributes: ClientAttributes): Fault[] =>
  faultsOf(PersonalData, personalDataOf(attributes))
    .filter((fault) => fault.pointer === '/ownerLogin' && attributes.ownerLogin === undefined)
    .slice(0, 1)
    .map(() => ({
      code: 'required',
      ...told(message`"ownerLogin" is required: this e-mail address can't serve as a login`),
      pointer: '/data/attributes/ownerLogin',
    }));

/** `CreateClient` from what the administrator wrote: defaults filled in, personal data and password sealed for transport. */
export const toCreateClientCommand = async (
  ids: { clientId: string; serverId?: string },
  attributes: ClientAttributes,
  vault: Pick<Vault, 'seal'>,
): Promise<CreateClient> => ({
  ...ids,
  slug: attributes.slug,
  locale: attributes.locale ?? 'ru',
  expireDate: attributes.expireDate,
  image: attributes.image,
  limits: { ...defaultLimits, ...attributes.limits },
  demo: attributes.demo ?? false,
  sendSuccess: attributes.sendSuccess ?? false,
  ...(attributes.expiryWarnings === undefined ? {} : { expiryWarnings: attributes.expiryWarnings }),
  personal: await vault.seal('transport', JSON.stringify(personalDataOf(attributes))),
  ...(attributes.ownerPassword === undefined
    ? {}
    : { ownerPassword: await vault.seal('transport', attributes.ownerPassword) }),
});
