import {
  type Language,
  type NoticeView,
  type WebhookView,
  withReasonInWords,
  type ResourceOf,
  type webhookResource,
  type deliveryResource,
  toOne,
} from '@alfa-cloud/contracts';

/** Resource `webhooks`. */
export const presentWebhook = ({ id, ...attributes }: WebhookView): ResourceOf<typeof webhookResource> => ({
  type: 'webhooks',
  id,
  attributes,
  links: { self: `/webhooks/${id}`, deliveries: `/webhooks/${id}/deliveries` },
});

/** Resource `deliveries`. */
export const presentDelivery = (
  notice: NoticeView,
  language: Language,
): ResourceOf<typeof deliveryResource> => {
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
