import type { MailOrigin, MailTemplate, MailTransportKind } from '../attributes/mails.ts';
import type { Reason } from '../words/reason.ts';

/** `waiting`: for its next attempt. `sending`: a worker has it in hand. `failed`: given up. `bounced`: came back. */
export const mailStatuses = ['waiting', 'sending', 'sent', 'failed', 'bounced'] as const;
export type MailStatus = (typeof mailStatuses)[number];

/** A mail and what became of it. */
export interface MailView {
  id: string;
  clientId: string;
  template: MailTemplate;
  origin: MailOrigin;
  status: MailStatus;
  attempts: number;
  /** Null until it was sent. */
  messageId: string | null;
  transport: MailTransportKind | null;
  /** What the mail server said, without addresses; where there is none, the name of the file. */
  answer: string | null;
  /** Why the newest attempt failed, why it was given up, or why it came back. */
  failure: Reason | null;
  /** When it is tried again, or its worker counts as dead; null when it has come to an end. */
  dueAt: string | null;
  /** Of a warning by schedule. */
  warning: { expireDate: string; thresholdDays: number } | null;
  /** The newest operation that has asked for it. */
  operationId: string | null;
  requestedAt: string;
  sentAt: string | null;
}

/** A mail as it would be sent now. The password is never shown. */
export interface MailPreview {
  subject: string;
  html: string;
  text: string;
  locale: string;
}
