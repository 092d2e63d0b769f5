import type { NoticeEvent, NoticeView, Reason } from '@alfa-cloud/contracts';
import type { RecordedEvent } from '@alfa-cloud/event-sourcing';

/**
 * What a receiver is told after one more event. Pure.
 * @param current null before its first event
 * @returns null when the event speaks of a notice that was never requested
 */
export const projectNotice = (
  current: NoticeView | null,
  { metadata, ...event }: RecordedEvent<NoticeEvent>,
): NoticeView | null => {
  const { at: now } = metadata;
  if (event.type === 'NoticeRequested') {
    const { noticeId: id, recipient, type, at, data, notBefore = now } = event.data;
    const begun = { status: 'waiting', attempts: 0, answer: null, failure: null } as const;
    return { id, recipient, type, at, data, ...begun, dueAt: notBefore, requestedAt: now, deliveredAt: null };
  }
  if (current === null) return null;
  switch (event.type) {
    case 'NoticeAttempted':
      return { ...current, status: 'sending', attempts: event.data.attempt, dueAt: event.data.until };
    case 'NoticeDelivered': {
      const { answer } = event.data;
      return { ...current, status: 'delivered', answer, failure: null, dueAt: null, deliveredAt: now };
    }
    case 'NoticeFailed':
      return {
        ...current,
        status: 'waiting',
        failure: failureOf(event.data),
        dueAt: event.data.nextAttemptAt,
      };
    case 'NoticeGivenUp':
      return { ...current, status: 'failed', failure: failureOf(event.data), dueAt: null };
    case 'NoticeReplayRequested':
      return { ...current, status: 'waiting', dueAt: now };
    default:
      return event satisfies never;
  }
};

const failureOf = ({ code, reason, message }: Reason): Reason => ({
  code,
  reason,
  ...(message === undefined ? {} : { message }),
});
