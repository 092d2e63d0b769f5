import type { MailTransportKind } from '@alfa-cloud/contracts';
import type { FailureKind, MailCause } from '../outbox/mail.ts';

/** A mail ready to go. */
export interface OutgoingMail {
  mailId: string;
  /** `<…@…>` */
  messageId: string;
  to: { name: string; address: string };
  subject: string;
  text: string;
  html: string;
  at: Date;
}

/** Takes mails on. */
export interface MailTransport {
  readonly kind: MailTransportKind;
  /** Domain of the sender, for Message-IDs. */
  readonly domain: string;
  /** Longest time that one `send` takes, ms. */
  readonly deadlineMs: number;
  /** Runs the work when a place is free and the rate allows another mail; until then it waits. One `send` may be made in it. */
  inTurn<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
  /**
   * Resolves when somebody else has taken responsibility for the mail, with what was said, without addresses.
   * @throws MailFailure; after a transient one the mail may have been taken all the same
   */
  send(mail: OutgoingMail): Promise<{ answer: string }>;
  /** Cuts off what is under way. */
  close(): void;
}

/** Why a mail could not be handed over. */
export class MailFailure extends Error {
  override name = 'MailFailure';
  readonly kind: FailureKind;
  readonly failure: MailCause;

  constructor(kind: FailureKind, failure: MailCause, options?: ErrorOptions) {
    super(failure.code, options);
    this.kind = kind;
    this.failure = failure;
  }
}
