import { type Language, type NoticeView, type WebhookView, withReasonInWords } from '@alfa-cloud/contracts';
import { type Resource, toOne } from '../http/document.ts';

export const webhookFields = ['url', 'events', 'active', 'createdAt', 'updatedAt'] as const;

/** Resource `webhooks`. */
export const presentWebhook = ({ id, ...attributes }: WebhookView): Resource => ({
  type: 'webhooks',
  id,
  attributes,
  links: { self: `/webhooks/${id}`, deliveries: `/webhooks/${id}/deliveries` },
});

export const deliveryFields = [
  'event',
  'at',
  'data',
  'to',
  'status',
  'attempts',
  'answer',
  'failure',
  'dueAt',
  'requestedAt',
  'deliveredAt',
] as const;

/** Resource `deliveries`. */
export const presentDelivery = (notice: NoticeView, language: Language): Resource => {
  const { id, recipient, type: event, failure, ...attributes } = notice;
  return {
    type: 'deliveries',
    id,
    attributes: {
      event,
      to: recipient.kind,
      ...attributes,
      failure: failure === null ? null : withReasonInWords(language, failure),
    },
    relationships: { webhook: toOne('webhooks', recipient.kind === 'webhook' ? recipient.id : null) },
  };
};
