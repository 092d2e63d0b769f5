import { Type } from 'typebox';
import { type NoticeRecipient, type NoticeType, noticeTypes } from '../attributes/webhooks.ts';
import type { Reason } from '../words/reason.ts';
import { count, flag, listOf, moment, oneOf, orNull, reasonOrNull, text } from './property.ts';
import { type AttributesOf, defineResource } from './resource.ts';

const noticeType = oneOf(noticeTypes, 'What the receiver is told of.');

export const webhookResource = defineResource({
  type: 'webhooks',
  title: { en: 'Webhook', ru: 'Вебхук' },
  description: 'An address that is told of what happens, signed as Standard Webhooks has it.',
  attributes: {
    url: text('Where notices go.', 'https://hooks.example.org/alfa'),
    events: listOf(noticeType, 'What it is told of.'),
    active: flag('Whether it is told anything.', true),
    createdAt: moment('When it was made.'),
    updatedAt: moment('When it was changed last.'),
  },
  links: { self: 'The webhook.', deliveries: 'What went to it.' },
});

export interface WebhookView extends AttributesOf<typeof webhookResource> {
  id: string;
}

export const noticeStatuses = ['waiting', 'sending', 'delivered', 'failed'] as const;
export type NoticeStatus = (typeof noticeStatuses)[number];

export const deliveryResource = defineResource({
  type: 'deliveries',
  title: { en: 'Delivery', ru: 'Доставка' },
  description: 'What one receiver is told of one event, and what became of it.',
  attributes: {
    event: noticeType,
    to: oneOf(['webhook', 'mail'], 'What kind of receiver it goes to.'),
    at: moment('When it happened.'),
    data: Type.Record(Type.String(), Type.Unknown(), {
      description: 'What the receiver gets.',
      examples: [{ serverId: '5b2c4f0e-7a1d-4c3e-9f64-2d8f1a6b7c90', code: 'disk' }],
    }),
    status: oneOf(
      noticeStatuses,
      'How far it is. `waiting`: for its next attempt. `sending`: a worker has it in hand. `failed`: given up.',
    ),
    attempts: count('How often it was tried.', 1),
    answer: orNull(text('What the receiver answered when it took it; null before.', '204 No Content')),
    failure: reasonOrNull('Why the newest attempt failed; null: it has not.'),
    dueAt: orNull(
      moment('When it is tried again, or its worker counts as dead; null when it has come to an end.'),
    ),
    requestedAt: moment('When it was to be told.'),
    deliveredAt: orNull(moment('When it was taken; null before.')),
  },
  relationships: { webhook: { to: 'webhooks', description: 'The webhook; null: it goes to an address.' } },
});

/** What one receiver is told of one event, and what became of it. */
export interface NoticeView extends Omit<AttributesOf<typeof deliveryResource>, 'event' | 'to' | 'failure'> {
  id: string;
  recipient: NoticeRecipient;
  type: NoticeType;
  failure: Reason | null;
}
