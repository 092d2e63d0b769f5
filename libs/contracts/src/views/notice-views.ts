import type { NoticeRecipient, NoticeType } from '../attributes/webhooks.ts';
import type { Reason } from '../words/reason.ts';

export interface WebhookView {
  id: string;
  url: string;
  events: NoticeType[];
  active: boolean;
  createdAt: string;
  updatedAt: string;
}

/** `waiting`: for its next attempt. `sending`: a worker has it in hand. `failed`: given up. */
export const noticeStatuses = ['waiting', 'sending', 'delivered', 'failed'] as const;
export type NoticeStatus = (typeof noticeStatuses)[number];

/** What one receiver is told of one event, and what became of it. */
export interface NoticeView {
  id: string;
  recipient: NoticeRecipient;
  type: NoticeType;
  /** When it happened. */
  at: string;
  data: Record<string, unknown>;
  status: NoticeStatus;
  attempts: number;
  /** What the receiver answered when it took it. */
  answer: string | null;
  failure: Reason | null;
  /** When it is tried again, or its worker counts as dead; null when it has come to an end. */
  dueAt: string | null;
  requestedAt: string;
  deliveredAt: string | null;
}
