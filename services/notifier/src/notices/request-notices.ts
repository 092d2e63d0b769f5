import { deriveId, type NoticeRecipient, type NoticeType } from '@alfa-cloud/contracts';
import type { EventStore, RecordedEvent } from '@alfa-cloud/event-sourcing';
import { ownCause } from '@alfa-cloud/operations';
import type { Clock } from '@alfa-cloud/service-kit';
import { readWebhooks } from '../webhooks/webhooks.ts';
import { toldBy } from './causes.ts';
import { mailRecipientId } from './channels.ts';
import { decideOnNotice } from './deliver-notice.ts';

export interface NoticesConfig {
  /** The administrator's addresses; none: nothing is mailed. */
  emails: readonly string[];
  /** What goes to them. */
  events: readonly NoticeType[];
}

export interface RequestNoticesDeps {
  store: EventStore;
  clock: Clock;
  config: NoticesConfig;
}

/** What is older is not told any more: after a long standstill nobody wants to hear of each disk. */
const newsMs = 24 * 60 * 60 * 1000;

/**
 * Requests what each receiver is to be told of an event. The id of a notice follows from both, so an event may come as often as it likes, and to
 * as many replicas.
 */
export const requestNotices = async (deps: RequestNoticesDeps, event: RecordedEvent): Promise<void> => {
  const { store, clock } = deps;
  if (clock().getTime() - Date.parse(event.metadata.at) > newsMs) return;
  const told = await toldBy(store, event);
  if (told === null) return;
  for (const recipient of await recipientsOf(deps, told.type)) {
    const noticeId = deriveId('notice', event.id, recipient.id);
    const notice = { noticeId, recipient, at: event.metadata.at, ...told };
    await decideOnNotice(store, {
      noticeId,
      cause: { ...ownCause(), causationId: event.id, correlationId: event.metadata.correlationId },
      command: { type: 'request', notice },
      key: noticeId,
    });
  }
};

const recipientsOf = async (
  { store, config: { emails, events } }: RequestNoticesDeps,
  type: NoticeType,
): Promise<NoticeRecipient[]> => {
  const webhooks = (await readWebhooks(store)).filter(
    ({ webhook }) => webhook.active && webhook.events.includes(type),
  );
  return [
    ...webhooks.map(({ webhook }) => ({ kind: 'webhook' as const, id: webhook.webhookId })),
    ...(events.includes(type) ? emails : []).map((address) => ({
      kind: 'mail' as const,
      id: mailRecipientId(address),
    })),
  ];
};
