import type { MailEvent, Reason } from '@alfa-cloud/contracts';

type DataOf<Type extends MailEvent['type']> = Extract<MailEvent, { type: Type }>['data'];

/** What was asked for, and what all attempts have in common. */
export interface KnownMail {
  request: DataOf<'MailRequested'>;
  /** The newest operation that has asked for it; null: it is due by itself. */
  operationId: string | null;
  /** Attempts so far. */
  attempts: number;
  /** Failures since the mail was requested or somebody asked to try it again. */
  failures: number;
  /** Null before the first attempt. */
  messageId: string | null;
  /** When it first failed in a way that counts against it, RFC 3339. */
  countedSince: string | null;
  /** Which of the client's addresses the newest attempt went to; null: none has, or it was not recorded. */
  emailRevision: number | null;
  /** Somebody has asked to try it again. */
  isRetried: boolean;
  /** Messages that have told that it could not be delivered. */
  notificationIds: readonly string[];
}

/** A mail on its way. Times are RFC 3339. */
export type MailState =
  | { status: 'absent' }
  /** `dueAt` null: at once. */
  | { status: 'waiting'; mail: KnownMail; dueAt: string | null; failure: Reason | null; outage: boolean }
  /** A worker has it in hand until `until`; nobody knows what became of it when that has passed. */
  | { status: 'attempting'; mail: KnownMail; until: string }
  | { status: 'sent'; mail: KnownMail; sent: DataOf<'MailSent'> }
  | { status: 'failed'; mail: KnownMail; failure: Reason }
  /** Was sent and came back. */
  | { status: 'bounced'; mail: KnownMail; failure: Reason; stopsAddress: boolean };

const fresh: Omit<KnownMail, 'request' | 'operationId'> = {
  attempts: 0,
  failures: 0,
  messageId: null,
  countedSince: null,
  emailRevision: null,
  isRetried: false,
  notificationIds: [],
};

export const initialMail = (): MailState => ({ status: 'absent' });

/** The mail after an event; one that speaks of a mail never requested changes nothing. */
export const evolveMail = (state: MailState, event: MailEvent): MailState => {
  if (event.type === 'MailRequested') {
    const { operationId = null } = event.data;
    const mail = { request: event.data, operationId, ...fresh };
    return { status: 'waiting', mail, dueAt: null, failure: null, outage: false };
  }
  if (state.status === 'absent') return state;
  const { mail } = state;
  switch (event.type) {
    case 'MailAttempted': {
      const { attempt, messageId, until, emailRevision = null } = event.data;
      return { status: 'attempting', mail: { ...mail, attempts: attempt, messageId, emailRevision }, until };
    }
    case 'MailSent':
      return { status: 'sent', mail, sent: event.data };
    case 'MailFailed': {
      const { nextAttemptAt, outage, countedSince = null } = event.data;
      const failed = { ...mail, failures: mail.failures + 1, countedSince };
      return { status: 'waiting', mail: failed, dueAt: nextAttemptAt, failure: reasonIn(event.data), outage };
    }
    case 'MailGivenUp':
      return { status: 'failed', mail, failure: reasonIn(event.data) };
    case 'MailBounced': {
      const { notificationId, stopsAddress } = event.data;
      const told = { ...mail, notificationIds: [...mail.notificationIds, notificationId] };
      return { status: 'bounced', mail: told, failure: reasonIn(event.data), stopsAddress };
    }
    case 'MailRetryRequested': {
      const { operationId } = event.data;
      const asked = { ...mail, operationId, failures: 0, countedSince: null, isRetried: true };
      return { status: 'waiting', mail: asked, dueAt: null, failure: null, outage: false };
    }
    default:
      return event satisfies never;
  }
};

const reasonIn = ({ code, reason, message }: Reason): Reason => ({
  code,
  reason,
  ...(message === undefined ? {} : { message }),
});
