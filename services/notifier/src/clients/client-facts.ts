import type { ClientEvent, Locale } from '@alfa-cloud/contracts';
import type { RecordedEvent } from '@alfa-cloud/event-sourcing';

/** What mails need to know of a client, as its events tell it. Personal data and secrets are still sealed. */
export interface ClientFacts {
  status: 'creating' | 'active' | 'failed' | 'deleted';
  clientId: string;
  slug: string;
  locale: Locale;
  /** A copy on a stage server, whose source gets the mails. */
  isCopy: boolean;
  /** Whether warnings of the end of use go to the client by themselves. */
  expiryWarnings: boolean;
  /** Last day of use. */
  expireDate: string;
  /** When that was set, RFC 3339. */
  expireDateSetAt: string;
  /** `PersonalData` as JSON, sealed. */
  personal: string;
  /** JSON with `ownerPassword`, sealed. */
  secrets: string;
  /** Revision, in the client's stream, of the event that has set the owner's password. */
  passwordRevision: number;
  /** Revision, in the client's stream, of the event that has set the e-mail address. */
  emailRevision: number;
}

/** Null for a client that was never asked for. Pure. */
export const clientFacts = (events: readonly RecordedEvent<ClientEvent>[]): ClientFacts | null =>
  events.reduce<ClientFacts | null>(afterEvent, null);

const afterEvent = (before: ClientFacts | null, event: RecordedEvent<ClientEvent>): ClientFacts | null => {
  if (event.type === 'ClientCreationRequested') {
    const { clientId, slug, locale, expireDate, personal, secrets, sourceClientId } = event.data;
    const { expiryWarnings = true } = event.data;
    const isCopy = sourceClientId !== undefined;
    const expireDateSetAt = event.metadata.at;
    const revision = Number(event.revision);
    const revisions = { passwordRevision: revision, emailRevision: revision };
    const facts = { clientId, slug, locale, isCopy, expireDate, expireDateSetAt, personal, secrets };
    return { status: 'creating', expiryWarnings, ...revisions, ...facts };
  }
  if (before === null) return null;
  if (event.type === 'ClientCreated') return { ...before, status: 'active' };
  if (event.type === 'ClientCreationFailed') return { ...before, status: 'failed' };
  if (event.type === 'ClientDeleted') return { ...before, status: 'deleted' };
  if (event.type === 'ClientExpireDateChanged') {
    return { ...before, expireDate: event.data.to, expireDateSetAt: event.metadata.at };
  }
  if (event.type === 'ClientOwnerPasswordChanged') {
    return { ...before, secrets: event.data.secrets, passwordRevision: Number(event.revision) };
  }
  if (event.type === 'ClientChanged') {
    const { personal = before.personal, locale = before.locale } = event.data;
    const { expiryWarnings = before.expiryWarnings } = event.data;
    const isOther = event.data.personalChanged.includes('email');
    const emailRevision = isOther ? Number(event.revision) : before.emailRevision;
    return { ...before, personal, locale, expiryWarnings, emailRevision };
  }
  // Mails depend on nothing else that happens to a client.
  return before;
};
