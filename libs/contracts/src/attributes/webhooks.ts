import { Type, type Static } from 'typebox';
import { closed, Id, patterned } from '../values/primitives.ts';

/** What the administrator can be told of, by the names that receivers know. `test` is sent when it is asked for, `digest` to addresses each day. */
export const noticeTypes = [
  'alert.raised',
  'alert.cleared',
  'server.degraded',
  'server.recovered',
  'bulk.failed',
  'backup.failed',
  'mail.given_up',
  'mail.bounced',
  'digest',
  'test',
] as const;
export type NoticeType = (typeof noticeTypes)[number];
export const NoticeType = Type.Enum([...noticeTypes]);

/** What a receiver can ask for. */
export const subscribedTypes = noticeTypes.filter((type) => type !== 'test' && type !== 'digest');
const Subscriptions = Type.Array(Type.Enum([...subscribedTypes]), { minItems: 1, uniqueItems: true });

const WebhookUrl = patterned(
  '^https?://[^\\s/?#@]+(?:[/?][^\\s#…]*)?$',
  'must be an address without user, password and fragment, like "https://hooks.example.org/alfa"',
  { maxLength: 2000 },
);

/** What may be seen of a webhook's address: those of Slack, Teams and others have a token in their path. Seen twice it stays the same. */
export const shownWebhookUrl = (url: string): string => {
  if (!URL.canParse(url)) return '…';
  const { origin, pathname, search } = new URL(url);
  return `${pathname}${search}` === '/' ? `${origin}/` : `${origin}/…`;
};

/** As Standard Webhooks has it: 24 to 64 bytes. */
const Secret = patterned(
  '^whsec_[A-Za-z0-9+/]{32,86}={0,2}$',
  'must be whsec_ and 24 to 64 bytes as base64, like "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"',
  { maxLength: 100 },
);

/** Attributes of `POST /webhooks`. Defaults: active true, a secret made by the system and told once. */
export const WebhookAttributes = closed({
  url: WebhookUrl,
  events: Subscriptions,
  active: Type.Optional(Type.Boolean()),
  secret: Type.Optional(Secret),
});
export type WebhookAttributes = Static<typeof WebhookAttributes>;

/** Attributes of `PATCH /webhooks/{id}`; what is absent stays as it is. */
export const WebhookChanges = Type.Partial(WebhookAttributes, { additionalProperties: false });
export type WebhookChanges = Static<typeof WebhookChanges>;

/** Who gets a notice: a webhook, or one of the administrator's addresses, of which only a digest is kept. */
export const NoticeRecipient = closed({ kind: Type.Enum(['webhook', 'mail']), id: Id });
export type NoticeRecipient = Static<typeof NoticeRecipient>;
