import { Type, type Static } from 'typebox';
import { MailOrigin, MailTemplate, MailTransportKind } from '../attributes/mails.ts';
import { CalendarDate, closed, Id, Instant } from '../values/primitives.ts';
import { reasonFields } from '../words/reason.ts';

const known = {
  mailId: Id,
  clientId: Id,
  /** The operation that has asked for it. Absent: nobody has, it is due by itself. */
  operationId: Type.Optional(Id),
};
const attempt = Type.Integer({ minimum: 1 });

/**
 * A mail on its way, on a stream of its own whose id follows from client, template and cause: the same cause can't mail twice. Neither an
 * address nor anything of the mail's text stands here.
 */
export const mailEvents = {
  MailRequested: closed({
    ...known,
    template: MailTemplate,
    origin: MailOrigin,
    /** Of a warning by schedule: the last day of use that it is about, and which of the thresholds it is, in days before it. */
    warning: Type.Optional(closed({ expireDate: CalendarDate, thresholdDays: Type.Integer({ minimum: 0 }) })),
  }),
  /** A worker has taken the mail in hand. When nothing follows until `until`, the worker counts as dead, and what became of the attempt is not known. */
  MailAttempted: closed({
    ...known,
    attempt,
    until: Instant,
    /** The same over all attempts. */
    messageId: Type.String(),
    /** Revision, in the client's stream, of the event that has set the address it goes to. Absent in mails of before. */
    emailRevision: Type.Optional(Type.Integer({ minimum: 0 })),
  }),
  /** The mail server has taken the mail, or the file is written. */
  MailSent: closed({
    ...known,
    template: MailTemplate,
    attempt,
    messageId: Type.String(),
    transport: MailTransportKind,
    /** What the server said, without addresses; name of the file. */
    answer: Type.String(),
  }),
  /** It is tried again at `nextAttemptAt`. */
  MailFailed: closed({
    ...known,
    attempt,
    code: Type.String(),
    ...reasonFields,
    nextAttemptAt: Instant,
    /** True: the mail server is away or refuses everything, which says nothing of this mail and does not count against it. */
    outage: Type.Boolean(),
    /** When it first failed in a way that counts. Absent: it has not yet. */
    countedSince: Type.Optional(Instant),
  }),
  /** It is not tried again unless somebody asks for it. */
  MailGivenUp: closed({ ...known, template: MailTemplate, code: Type.String(), ...reasonFields }),
  /** A mail server further on has told that it could not be delivered. */
  MailBounced: closed({
    ...known,
    template: MailTemplate,
    code: Type.String(),
    ...reasonFields,
    /** Which message has told so, so that the same one tells it once. */
    notificationId: Id,
    /** True: nothing more is sent to this address of the client. False: it may be in order another time. */
    stopsAddress: Type.Boolean(),
  }),
  /** Somebody has asked to try it again, now and from the beginning of its time. */
  MailRetryRequested: closed({ ...known, operationId: Id }),
};

export type MailEvent = {
  [Name in keyof typeof mailEvents]: { type: Name; data: Static<(typeof mailEvents)[Name]> };
}[keyof typeof mailEvents];
