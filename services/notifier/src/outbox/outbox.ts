import type { ListMails, MailView } from '@alfa-cloud/contracts';
import { ownCause } from '@alfa-cloud/operations';
import { errorMessage } from '@alfa-cloud/service-kit';
import { decideOnMail, deliverMail, type Delivered, type DeliverDeps } from './deliver.ts';
import { pauseAfterMs } from './pauses.ts';

/** Mails of a page of what is due; also most that one look holds in memory. */
const pageSize = 100;
/** A mail that its client was created with is not sent any more when the client has been there for longer than a week. */
const creationMs = 7 * 24 * 60 * 60 * 1000;

export interface Outbox {
  /** Attempts what is due, until nothing more is or the mail server turns out to be away. Then the next looks do nothing for a while. */
  look(signal: AbortSignal): Promise<void>;
}

/** @param options.parallel mails at the same time */
export const createOutbox = (deps: DeliverDeps, options: { parallel: number }): Outbox => {
  let outages = 0;
  let quietUntil = 0;
  const noted = ({ status, ...delivered }: Delivered): boolean => {
    if (status === 'sent') outages = 0;
    if (status !== 'waiting' || !('outage' in delivered) || !delivered.outage) return false;
    outages += 1;
    quietUntil = deps.clock().getTime() + pauseAfterMs(outages, true);
    return true;
  };
  return {
    async look(signal) {
      if (deps.clock().getTime() < quietUntil) return;
      const done = new Set<string>();
      for (;;) {
        const due = (await dueMails(deps)).filter(({ id }) => !done.has(id));
        if (due.length === 0) return;
        for (const { id } of due) done.add(id);
        if ((await deliverAll(deps, due, { ...options, noted, signal })) === 'away') return;
        // A read model that lags shows the same page again.
        if (done.size > 10 * pageSize) done.clear();
      }
    },
  };
};

const dueMails = async ({ queries, clock }: DeliverDeps): Promise<MailView[]> => {
  const now = clock();
  const request: ListMails = {
    page: { number: 1, size: pageSize },
    filter: {
      dueBy: now.toISOString(),
      createdSince: new Date(now.getTime() - creationMs).toISOString(),
    },
  };
  const { result } = await queries.ask('ListMails', request);
  return result.items;
};

/** `away`: the mail server, so the others can wait. */
const deliverAll = async (
  deps: DeliverDeps,
  due: readonly MailView[],
  options: { parallel: number; noted: (delivered: Delivered) => boolean; signal: AbortSignal },
): Promise<'done' | 'away'> => {
  const left = [...due];
  let isAway = false;
  const work = async (): Promise<void> => {
    for (let mail = left.shift(); mail !== undefined; mail = left.shift()) {
      options.signal.throwIfAborted();
      if (isAway) return;
      const delivered = await deliverOne(deps, mail, options.signal);
      if (delivered !== null && options.noted(delivered)) isAway = true;
    }
  };
  await Promise.all(Array.from({ length: options.parallel }, work));
  return isAway ? 'away' : 'done';
};

/** Null when it failed for a reason that is not the mail's; it stays due. */
const deliverOne = async (
  deps: DeliverDeps,
  mail: MailView,
  signal: AbortSignal,
): Promise<Delivered | null> => {
  const cause = ownCause();
  try {
    if (mail.origin === 'creation' && mail.attempts === 0) await requestOfCreation(deps, mail);
    return await deliverMail(deps, { mailId: mail.id, cause, signal });
  } catch (error) {
    if (signal.aborted) throw error;
    deps.logger.warn({ mailId: mail.id, reason: errorMessage(error) }, 'mail not attempted');
    return null;
  }
};

/** A client that was created with a mail has one that nobody has requested yet. Requested already: no effect. */
const requestOfCreation = async ({ store }: DeliverDeps, { id: mailId, clientId, template }: MailView) => {
  const request = { mailId, clientId, template, origin: 'creation' } as const;
  await decideOnMail(store, {
    mailId,
    cause: ownCause(),
    command: { type: 'request', request },
    key: mailId,
  });
};
