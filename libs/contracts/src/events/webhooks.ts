import { Type, type Static } from 'typebox';
import { NoticeType } from '../attributes/webhooks.ts';
import { closed, Id, Sealed } from '../values/primitives.ts';

/** All webhooks are on one stream: there are few. */
export const webhookEvents = {
  /** Made, or as it is after a change. */
  WebhookSet: closed({
    webhookId: Id,
    url: Type.String(),
    events: Type.Array(NoticeType),
    active: Type.Boolean(),
    /** What its notices are signed with, sealed with its own key. */
    secret: Sealed,
  }),
  WebhookRemoved: closed({ webhookId: Id }),
};

export type WebhookEvent = {
  [Name in keyof typeof webhookEvents]: { type: Name; data: Static<(typeof webhookEvents)[Name]> };
}[keyof typeof webhookEvents];
