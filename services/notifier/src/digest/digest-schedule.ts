import { deriveId } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { QuerySender } from '@alfa-cloud/messaging';
import { ownCause } from '@alfa-cloud/operations';
import type { Clock } from '@alfa-cloud/service-kit';
import { mailRecipientId } from '../notices/channels.ts';
import { decideOnNotice } from '../notices/deliver-notice.ts';
import { localTime } from '../schedule/days.ts';
import { gatherDigest } from './gather-digest.ts';

export interface DigestRules {
  emails: readonly string[];
  /** Local time from which the day's digest is sent, `HH:MM`; null: there is none. */
  at: string | null;
  /** IANA name. */
  timeZone: string;
}

/**
 * Requests the digest of the day once its time has come: one notice for each day and address, whatever restarts and replicas there are. A day on
 * which no notifier ran has none.
 * @returns what is to be called again and again
 */
export const createDigestSchedule = (
  { store, queries, clock }: { store: EventStore; queries: Pick<QuerySender, 'ask'>; clock: Clock },
  { emails, at, timeZone }: DigestRules,
): (() => Promise<void>) => {
  let requestedOn: string | null = null;
  return async () => {
    const now = clock();
    const { day, time } = localTime(timeZone, now);
    if (at === null || emails.length === 0 || time < at || requestedOn === day) return;
    const data = { ...(await gatherDigest(queries, { day, now })) };
    for (const address of emails) {
      const recipient = { kind: 'mail', id: mailRecipientId(address) } as const;
      const noticeId = deriveId('digest', day, recipient.id);
      await decideOnNotice(store, {
        noticeId,
        cause: ownCause(),
        command: {
          type: 'request',
          notice: { noticeId, recipient, type: 'digest', at: now.toISOString(), data },
        },
        key: noticeId,
      });
    }
    requestedOn = day;
  };
};
