import type { ListNotices, NoticeRecipient } from '@alfa-cloud/contracts';
import type { QuerySender } from '@alfa-cloud/messaging';
import { errorMessage } from '@alfa-cloud/service-kit';
import { deliverNotice, type DeliverNoticeDeps } from './deliver-notice.ts';

export interface SendNoticesDeps extends DeliverNoticeDeps {
  queries: Pick<QuerySender, 'ask'>;
}

/** Most notices that one look takes up. */
const pageSize = 50;
/** At the same time: a receiver that keeps silent holds one place until its deadline. */
const parallel = 8;

/** Attempts what is due to one kind of receiver, once: a mail server that keeps silent holds up no webhook. */
export const sendNotices = async (
  deps: SendNoticesDeps,
  recipientKind: NoticeRecipient['kind'],
  signal: AbortSignal,
): Promise<void> => {
  const request: ListNotices = {
    page: { number: 1, size: pageSize },
    filter: { recipientKind, dueBy: deps.clock().toISOString() },
  };
  const left = [...(await deps.queries.ask('ListNotices', request)).result.items];
  const work = async (): Promise<void> => {
    for (let notice = left.shift(); notice !== undefined && !signal.aborted; notice = left.shift()) {
      try {
        await deliverNotice(deps, notice.id, signal);
      } catch (error) {
        deps.logger.warn({ noticeId: notice.id, reason: errorMessage(error) }, 'notice not attempted');
      }
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
};
