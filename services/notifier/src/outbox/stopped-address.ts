import { message, messageOf, streams, type MailEvent, type MailView } from '@alfa-cloud/contracts';
import { fold, type EventStore } from '@alfa-cloud/event-sourcing';
import type { QuerySender } from '@alfa-cloud/messaging';
import type { ClientFacts } from '../clients/client-facts.ts';
import { MailFailure } from '../transport/mail-transport.ts';
import { mailDecider } from './mail.ts';

/** Newest mails that came back which are looked at. */
const lookedAt = 100;

/**
 * Nothing goes to an address from which a mail came back for good, until the address is another one or that mail is tried again.
 * @throws MailFailure for such an address, or when it can't be asked for; EventStoreUnavailable
 */
export const refuseStopped = async (
  { store, queries }: { store: EventStore; queries: Pick<QuerySender, 'ask'> },
  { clientId, emailRevision }: Pick<ClientFacts, 'clientId' | 'emailRevision'>,
): Promise<void> => {
  for (const { id } of await bouncedMails(queries, clientId)) {
    const { events } = await store.read<MailEvent>(streams.mail(id));
    const state = fold(mailDecider, events);
    if (state.status !== 'bounced' || !state.stopsAddress || state.mail.emailRevision !== emailRevision)
      continue;
    const words = message`A mail to this address came back: ${messageOf(state.failure)}`;
    throw new MailFailure('final', { code: 'address_bounced', words });
  }
};

const bouncedMails = async (queries: Pick<QuerySender, 'ask'>, clientId: string): Promise<MailView[]> => {
  const request = { page: { number: 1, size: lookedAt }, filter: { clientId, status: 'bounced' as const } };
  try {
    return (await queries.ask('ListMails', request)).result.items;
  } catch (error) {
    const words = message`Whether mails to this address came back could not be asked for`;
    throw new MailFailure('outage', { code: 'address_unknown', words }, { cause: error });
  }
};
