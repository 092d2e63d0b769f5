import { message, type Queries } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { QuerySender } from '@alfa-cloud/messaging';
import { errorName } from '@alfa-cloud/service-kit';
import type { ClientFacts } from '../clients/client-facts.ts';
import { loadClientFacts, openPersonal } from '../clients/load-client.ts';
import { passwordInMail, type MailVault, type PasswordsInMails } from '../password-links/password-in-mail.ts';
import { localTime } from '../schedule/days.ts';
import { refuseStopped } from './stopped-address.ts';
import { isWarningCurrent, type WarningRules } from '../schedule/due-warning.ts';
import type { RenderedMail, RenderMail } from '../templates/templates.ts';
import type { Brand, MailFacts } from '../templates/values.ts';
import { MailFailure } from '../transport/mail-transport.ts';
import type { KnownMail } from './mail-state.ts';

export interface PrepareDeps {
  store: EventStore;
  vault: MailVault;
  queries: Pick<QuerySender, 'ask'>;
  render: RenderMail;
  brand: Brand;
  passwords: PasswordsInMails;
  rules: WarningRules;
}

/** What a mail says, and to whom, as things stand now. */
export interface PreparedMail extends RenderedMail {
  to: { name: string; address: string };
  /** Which of the client's addresses that is. */
  emailRevision: number;
}

/**
 * Puts a mail together from the client's events. The password is opened here, for the mail alone.
 * @throws MailFailure when there is nothing to send any more, or the address of the cloud can't be asked for; EventStoreUnavailable; MessagingUnavailable
 */
export const prepareMail = async (
  deps: PrepareDeps,
  { request, isRetried }: Pick<KnownMail, 'request' | 'isRetried'>,
  now: Date,
): Promise<PreparedMail> => {
  const { mailId, clientId, template, warning } = request;
  const facts = await loadClientFacts(deps.store, clientId);
  if (facts === null || facts.status === 'deleted') throw clientGone();
  if (warning !== undefined) refuseObsolete(isWarningCurrent(warning, facts, now, deps.rules), facts);
  // Whoever asks for it to be tried again knows what came back.
  if (!isRetried) await refuseStopped(deps, facts);
  const { personal, access } = await opened(deps, facts, template === 'success' ? { mailId, now } : null);
  const mail = deps.render(template, {
    ...(await mailFacts(deps, facts, now)),
    name: personal.name,
    login: personal.ownerLogin,
    ...access,
  });
  const { emailRevision } = facts;
  return { ...mail, to: { name: personal.name, address: personal.email }, emailRevision };
};

/** What does not come from sealed data. */
export const mailFacts = async (
  { queries, brand, rules }: Pick<PrepareDeps, 'queries' | 'brand' | 'rules'>,
  { clientId, locale, expireDate }: ClientFacts,
  now: Date,
): Promise<Pick<MailFacts, 'locale' | 'cloudUrl' | 'expireDate' | 'today' | 'brand'>> => ({
  locale,
  cloudUrl: (await askedFor(queries, clientId)).cloud,
  expireDate,
  today: localTime(rules.timeZone, now).day,
  brand,
});

const askedFor = async (
  queries: Pick<QuerySender, 'ask'>,
  clientId: string,
): Promise<Queries['GetClient']['result']> => {
  try {
    return (await queries.ask('GetClient', { id: clientId })).result;
  } catch (error) {
    const words = message`The address of the cloud could not be asked for`;
    throw new MailFailure('outage', { code: 'address_unknown', words }, { cause: error });
  }
};

/** @param withAccess the mail that tells the password; null: it does not */
const opened = async (
  deps: PrepareDeps,
  facts: ClientFacts,
  withAccess: { mailId: string; now: Date } | null,
) => {
  try {
    const personal = await openPersonal(deps.vault, facts);
    if (withAccess === null) return { personal, access: {} };
    const { timeZone } = deps.rules;
    return { personal, access: await passwordInMail(deps, facts, { ...withAccess, timeZone }) };
  } catch (error) {
    if (isAway(error)) throw error;
    const words = message`The personal data of the client can not be read any more`;
    throw new MailFailure('final', { code: 'client_unreadable', words }, { cause: error });
  }
};

/** Nothing is wrong with the mail: it stays due. */
const isAway = (error: unknown): boolean =>
  ['MessagingUnavailable', 'EventStoreUnavailable', 'WrongRevision'].includes(errorName(error) ?? '');

const clientGone = () =>
  new MailFailure('final', { code: 'client_gone', words: message`The client does not exist any more` });

/** @throws MailFailure for a warning that is not to be sent any more */
const refuseObsolete = (isCurrent: boolean, { expiryWarnings }: ClientFacts): void => {
  if (!isCurrent) throw obsolete();
  const words = message`Warnings have been switched off for this client`;
  if (!expiryWarnings) throw new MailFailure('final', { code: 'mail_obsolete', words });
};

const obsolete = () =>
  new MailFailure('final', {
    code: 'mail_obsolete',
    words: message`It would not be true any more: the last day of use is another one, or a nearer warning is due`,
  });
