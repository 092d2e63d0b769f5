import {
  message,
  reject,
  streams,
  type PasswordLinkEvent,
  type PasswordLinkView,
  type ShownPassword,
} from '@alfa-cloud/contracts';
import { eventIdsFor, fold, handleCommand, type EventStore } from '@alfa-cloud/event-sourcing';
import type { QueryHandlers, QuerySender } from '@alfa-cloud/messaging';
import { ownCause } from '@alfa-cloud/operations';
import type { Vault } from '@alfa-cloud/secrets';
import { errorName, type Clock } from '@alfa-cloud/service-kit';
import type { ClientFacts } from '../clients/client-facts.ts';
import { loadClientFacts, openOwnerPassword, openPersonal } from '../clients/load-client.ts';
import type { Brand } from '../templates/values.ts';
import { passwordLinkDecider, statusOf, type Moment, type PasswordLink } from './password-link.ts';

export interface PasswordLinkDeps {
  store: EventStore;
  vault: Pick<Vault, 'open' | 'seal'>;
  queries: Pick<QuerySender, 'ask'>;
  brand: Brand;
  clock: Clock;
}

/** Longest wait for the address of the cloud, which the page can do without, ms. */
const cloudUrlMs = 1500;

/** A showing whose answer was lost on the way can be asked for again for so long, ms. */
const againMs = 10 * 60_000;

/** Looks at links, and opens them: the password is unsealed here, and sealed for its way to the gateway. */
export const passwordLinkQueries = (
  deps: PasswordLinkDeps,
): Pick<QueryHandlers, 'GetPasswordLink' | 'OpenPasswordLink'> => ({
  async GetPasswordLink({ linkId }) {
    const { link, facts, moment } = await load(deps, linkId);
    return { result: viewOf(deps, statusOf(link, moment), facts) };
  },
  async OpenPasswordLink({ linkId, showingId, correlationId }) {
    const { link, facts, moment, openedAt } = await load(deps, linkId);
    if (facts === null || link.status === 'absent') {
      return { result: { ...viewOf(deps, statusOf(link, moment), facts), shown: null } };
    }
    // Before the link is used up: a key that can't be read at the moment costs nobody the password.
    const shown = link.status === 'issued' ? await shownBy(deps, facts) : null;
    const eventIds = eventIdsFor(showingId, linkId);
    const { state, events } = await handleCommand(deps.store, {
      stream: streams.passwordLink(linkId),
      decider: passwordLinkDecider,
      command: { type: 'open', ...moment },
      cause: { ...ownCause(), commandId: showingId, correlationId, actor: 'one-time link' },
      eventIds,
    });
    if (events.length === 0 || isOver(link, moment, openedAt))
      return { result: { ...viewOf(deps, statusOf(state, moment), facts), shown: null } };
    const again = shown ?? (await shownBy(deps, facts));
    const sealed = await deps.vault.seal('transport', JSON.stringify(again));
    return { result: { ...viewOf(deps, 'ready', facts), shown: sealed } };
  },
});

/** Whether what was shown is not shown again, whoever asks: after its time, and when the password is another one. */
const isOver = (link: PasswordLink, { now, passwordRevision }: Moment, openedAt: string | null): boolean =>
  link.status === 'opened' &&
  openedAt !== null &&
  (now.getTime() - Date.parse(openedAt) > againMs || passwordRevision !== link.issued.passwordRevision);

const load = async (
  { store, clock }: PasswordLinkDeps,
  linkId: string,
): Promise<{ link: PasswordLink; facts: ClientFacts | null; moment: Moment; openedAt: string | null }> => {
  const { events } = await store.read<PasswordLinkEvent>(streams.passwordLink(linkId));
  const link = fold(passwordLinkDecider, events);
  const facts = link.status === 'absent' ? null : await loadClientFacts(store, link.issued.clientId);
  const isThere = facts !== null && facts.status !== 'deleted';
  const openedAt = events.find(({ type }) => type === 'PasswordLinkOpened')?.metadata.at ?? null;
  const moment = { now: clock(), passwordRevision: isThere ? facts.passwordRevision : null };
  return { link, facts, moment, openedAt };
};

const viewOf = (
  { brand: { name, supportEmail } }: PasswordLinkDeps,
  status: PasswordLinkView['status'],
  facts: ClientFacts | null,
): PasswordLinkView => ({ status, locale: facts?.locale ?? null, brand: { name, supportEmail } });

const shownBy = async ({ vault, queries }: PasswordLinkDeps, facts: ClientFacts): Promise<ShownPassword> => {
  try {
    const [{ ownerLogin: login }, password] = await Promise.all([
      openPersonal(vault, facts),
      openOwnerPassword(vault, facts),
    ]);
    return { login, password, cloudUrl: await cloudUrlOf(queries, facts.clientId) };
  } catch (error) {
    if (errorName(error) !== 'KeyDestroyed') throw error;
    throw reject('client_key_lost', message`The personal data of the client can not be read any more`);
  }
};

const cloudUrlOf = async (queries: Pick<QuerySender, 'ask'>, id: string): Promise<string | null> => {
  try {
    return (await queries.ask('GetClient', { id }, { timeoutMs: cloudUrlMs })).result.cloud;
  } catch {
    return null;
  }
};
