import { newId, passwordLinkIdOf, streams } from '@alfa-cloud/contracts';
import { eventIdsFor, handleCommand, type EventStore } from '@alfa-cloud/event-sourcing';
import { ownCause } from '@alfa-cloud/operations';
import type { Vault } from '@alfa-cloud/secrets';
import type { ClientFacts } from '../clients/client-facts.ts';
import { openOwnerPassword } from '../clients/load-client.ts';
import type { MailFacts } from '../templates/values.ts';
import { passwordLinkDecider } from './password-link.ts';

/** How a mail tells the password: itself, or by a link that shows it once. */
export type PasswordsInMails =
  | { kind: 'mail' }
  /** `publicUrl`: where clients reach the gateway, without a slash at the end. */
  | { kind: 'link'; publicUrl: string; lifetimeMs: number };

/** The address of a link's page. */
export const passwordPageUrl = (publicUrl: string, token: string): string => `${publicUrl}/password/${token}`;

/**
 * What the mail says of the password. A link is issued by an event before its mail is sent.
 * @throws KeyDestroyed · SealBroken · MessagingUnavailable · EventStoreUnavailable
 */
export const passwordInMail = async (
  { store, vault, passwords }: { store: EventStore; vault: MailVault; passwords: PasswordsInMails },
  facts: ClientFacts,
  { mailId, now, timeZone }: { mailId: string; now: Date; timeZone: string },
): Promise<Pick<MailFacts, 'password' | 'passwordLink'>> => {
  if (passwords.kind === 'mail') return { password: await openOwnerPassword(vault, facts) };
  const { publicUrl, lifetimeMs } = passwords;
  const { clientId, passwordRevision } = facts;
  const token = tokenOf(vault, mailId);
  const { state } = await handleCommand(store, {
    stream: streams.passwordLink(passwordLinkIdOf(token)),
    decider: passwordLinkDecider,
    command: { type: 'issue', now, lifetimeMs, clientId, mailId, passwordRevision },
    cause: ownCause(),
    eventIds: eventIdsFor(newId()),
  });
  const until = state.status === 'absent' ? now : new Date(state.issued.expiresAt);
  return { passwordLink: { url: passwordPageUrl(publicUrl, token), until, timeZone } };
};

export type MailVault = Pick<Vault, 'open' | 'fingerprint'>;

/**
 * 256 bits that nobody can guess without the master key. They follow from the mail, so that every attempt of it has the same link and the token
 * need not be stored.
 */
const tokenOf = (vault: Pick<Vault, 'fingerprint'>, mailId: string): string =>
  vault.fingerprint(`password link of mail ${mailId}`);
