import { Type, type Static } from 'typebox';
import { NoticeType } from '../attributes/webhooks.ts';
import { closed, Id, Sealed } from '../values/primitives.ts';

/** All webhooks are on one stream: there are few. */
export const webhookEvents = {
  /** Made, or as it is after a change. */
  WebhookSet: closed({
    webhookId: Id,
    /** What may be seen of the address; in events of before, which have it nowhere else, the whole. */
    url: Type.String(),
    /** The address, sealed with the webhook's key. */
    sealedUrl: Type.Optional(Sealed),
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
