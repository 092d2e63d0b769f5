import { type ClientView, type ListClients, type MailEvent, mailIdOf, streams } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { QuerySender } from '@alfa-cloud/messaging';
import { ownCause } from '@alfa-cloud/operations';
import type { Clock, Logger } from '@alfa-cloud/service-kit';
import { loadClientFacts } from '../clients/load-client.ts';
import { decideOnMail } from '../outbox/deliver.ts';
import { localTime, plusDays } from './days.ts';
import { dueWarning, type WarningRules } from './due-warning.ts';

export interface ScheduleDeps {
  store: EventStore;
  queries: Pick<QuerySender, 'ask'>;
  clock: Clock;
  logger: Logger;
}

export interface Schedule {
  /** Requests the warnings of the day, once its time has come; does nothing when this process has done so today. */
  look(signal: AbortSignal): Promise<void>;
}

const pageSize = 100;

/**
 * Requests warnings of the end of use. Candidates come from the read models, what is decided on from the streams; each warning is a mail whose id
 * follows from client, date and threshold, so it does not matter how often, or by how many replicas, the day is looked at.
 */
export const createSchedule = (deps: ScheduleDeps, rules: WarningRules): Schedule => {
  let lookedAt: string | null = null;
  return {
    async look(signal) {
      const { day, time } = localTime(rules.timeZone, deps.clock());
      if (time < rules.at || lookedAt === day || rules.thresholdsDays.length === 0) return;
      let requested = 0;
      for await (const client of candidates(deps, rules, day, signal)) {
        if (await requestWarning(deps, rules, client)) requested += 1;
      }
      lookedAt = day;
      deps.logger.info({ day, requested }, 'warnings of the end of use requested');
    },
  };
};

/** Active clients whose last day is near enough, or has passed. Read in the order of a name that never changes. */
async function* candidates(
  { queries }: ScheduleDeps,
  { thresholdsDays }: WarningRules,
  day: string,
  signal: AbortSignal,
): AsyncGenerator<ClientView> {
  const expiresBefore = plusDays(day, Math.max(...thresholdsDays) + 1);
  for (let number = 1; ; number += 1) {
    signal.throwIfAborted();
    const request: ListClients = {
      page: { number, size: pageSize },
      sort: [{ field: 'slug', descending: false }],
      filter: { status: 'active', copyOf: 'none', expiresBefore },
      includeServers: false,
    };
    const { result } = await queries.ask('ListClients', request);
    for (const client of result.items) if (client.expireDate >= day) yield client;
    if (result.items.length < pageSize) return;
  }
}

/** @returns whether there is a warning that was not there before */
const requestWarning = async (
  { store, clock }: ScheduleDeps,
  rules: WarningRules,
  { id: clientId }: ClientView,
): Promise<boolean> => {
  const facts = await loadClientFacts(store, clientId);
  if (facts?.status !== 'active') return false;
  const thresholdDays = dueWarning(facts, clock(), rules);
  if (thresholdDays === null) return false;
  const { expireDate } = facts;
  const mailId = warningMailId(clientId, { expireDate, thresholdDays });
  const { revision } = await store.read<MailEvent>(streams.mail(mailId));
  if (revision !== null) return false;
  const warning = { expireDate, thresholdDays };
  const request = { mailId, clientId, template: 'expire', origin: 'schedule', warning } as const;
  await decideOnMail(store, {
    mailId,
    cause: ownCause(),
    command: { type: 'request', request },
    key: mailId,
  });
  return true;
};

/** The one mail that warns a client of a date at a threshold. */
export const warningMailId = (
  clientId: string,
  { expireDate, thresholdDays }: { expireDate: string; thresholdDays: number },
): string => mailIdOf(clientId, 'expire', `${expireDate} ${thresholdDays}`);
