import { message } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import { ownCause } from '@alfa-cloud/operations';
import type { Logger } from '@alfa-cloud/service-kit';
import { decideOnMail, loadMail } from '../outbox/deliver.ts';
import { deliveryReportIn } from './delivery-report.ts';

/**
 * Takes a message out of the mailbox for returned mail. One that says that a mail of ours could not be delivered is recorded with the mail, once;
 * any other changes nothing, and one that speaks of a mail that there never was is noted in the log.
 * @throws EventStoreUnavailable · WrongRevision
 */
export const takeReport = async (
  { store, logger }: { store: EventStore; logger: Logger },
  source: Buffer,
): Promise<void> => {
  const report = await deliveryReportIn(source);
  // A delay is no end, and news of a delivery none that counts.
  if (report === null || report.action !== 'failed') return;
  const { notificationId, mail, status, diagnostic } = report;
  const known = mail === null ? null : (await loadMail(store, mail.mailId)).state;
  const isOurs = known !== null && known.status !== 'absent' && known.mail.messageId !== null;
  if (mail === null || !isOurs || (mail.messageId ?? known.mail.messageId) !== known.mail.messageId) {
    logger.warn(
      { mailId: mail?.mailId, status },
      'a report of a delivery speaks of a mail that was never sent',
    );
    return;
  }
  const { messageId } = known.mail;
  if (messageId === null) return;
  const words = message`It could not be delivered: ${[status, diagnostic].join(' ').trim()}`;
  const cause = { code: 'mail_bounced', words };
  const bounce = { notificationId, messageId, isPermanent: status.startsWith('5'), cause };
  const command = { type: 'record_bounce', bounce } as const;
  await decideOnMail(store, { mailId: mail.mailId, cause: ownCause(), command, key: notificationId });
};
