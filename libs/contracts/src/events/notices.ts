import { Type, type Static } from 'typebox';
import { NoticeRecipient, NoticeType } from '../attributes/webhooks.ts';
import { closed, Id, Instant } from '../values/primitives.ts';
import { reasonFields } from '../words/reason.ts';

const known = { noticeId: Id, recipient: NoticeRecipient };
const attempt = Type.Integer({ minimum: 1 });

/** What one receiver is told of one event, on a stream of its own whose id follows from both: nobody is told twice. */
export const noticeEvents = {
  NoticeRequested: closed({
    ...known,
    type: NoticeType,
    /** When it happened. */
    at: Instant,
    /** As the receiver gets it. Nothing that is sealed anywhere. */
    data: Type.Record(Type.String(), Type.Unknown()),
    /** Not before this moment. Absent: at once. */
    notBefore: Type.Optional(Instant),
    /** It is not sent any more when this is not the newest observation of the server's health. */
    onlyWhile: Type.Optional(closed({ serverId: Id, healthEventId: Id })),
  }),
  /** A worker has it in hand; silent until `until` it counts as dead. */
  NoticeAttempted: closed({ ...known, attempt, until: Instant }),
  /** `answer`: what the receiver said, e.g. its status. */
  NoticeDelivered: closed({ ...known, attempt, answer: Type.String() }),
  NoticeFailed: closed({ ...known, attempt, code: Type.String(), ...reasonFields, nextAttemptAt: Instant }),
  NoticeGivenUp: closed({ ...known, code: Type.String(), ...reasonFields }),
  /** Somebody has asked for it once more. */
  NoticeReplayRequested: closed(known),
};

export type NoticeEvent = {
  [Name in keyof typeof noticeEvents]: { type: Name; data: Static<(typeof noticeEvents)[Name]> };
}[keyof typeof noticeEvents];
