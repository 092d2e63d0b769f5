import { Type } from 'typebox';
import { WebhookAttributes, WebhookChanges } from '../attributes/webhooks.ts';
import { Id, Sealed } from '../values/primitives.ts';
import { message } from '../words/message.ts';
import { installationOperation } from './descriptor.ts';
import { requestDocument } from './http-request.ts';

const changes = {
  /** Sealed with the transport key. */
  url: Type.Optional(Sealed),
  events: WebhookChanges.properties.events,
  active: WebhookChanges.properties.active,
  /** Sealed with the transport key. */
  secret: Type.Optional(Sealed),
};

/** Making of a webhook. Decided on and done at once: known as an operation only when the decision came late. */
export const createWebhook = installationOperation({
  kind: 'webhook.create',
  service: 'notifier',
  command: 'CreateWebhook',
  parameters: {
    webhookId: Id,
    ...changes,
    url: Sealed,
    events: WebhookAttributes.properties.events,
    secret: Sealed,
  },
  http: {
    path: '/webhooks',
    methods: ['POST'],
    summary: 'Makes a webhook',
    body: requestDocument({ type: 'webhooks', attributes: WebhookAttributes }),
    own: true,
  },
  title: { en: 'Making of a webhook', ru: 'Создание вебхука' },
  steps: {},
  retry: { instead: message`An operation ${'webhook.create'} can not be repeated: send its request again` },
});

/** Change of a webhook. Decided on and done at once: known as an operation only when the decision came late. */
export const changeWebhook = installationOperation({
  kind: 'webhook.change',
  service: 'notifier',
  command: 'ChangeWebhook',
  parameters: { webhookId: Id, ...changes },
  http: {
    path: '/webhooks/{id}',
    methods: ['PATCH'],
    summary: 'Changes a webhook',
    body: requestDocument({ type: 'webhooks', attributes: WebhookChanges }),
    own: true,
  },
  title: { en: 'Change of a webhook', ru: 'Изменение вебхука' },
  steps: {},
  retry: { instead: message`An operation ${'webhook.change'} can not be repeated: send its request again` },
});

/** Removal of a webhook. Decided on and done at once: known as an operation only when the decision came late. */
export const removeWebhook = installationOperation({
  kind: 'webhook.remove',
  service: 'notifier',
  command: 'RemoveWebhook',
  parameters: { webhookId: Id },
  http: {
    path: '/webhooks/{id}',
    methods: ['DELETE'],
    summary: 'Removes a webhook',
    own: true,
  },
  title: { en: 'Removal of a webhook', ru: 'Удаление вебхука' },
  steps: {},
  retry: { instead: message`An operation ${'webhook.remove'} can not be repeated: send its request again` },
});

/** Test of a webhook. Decided on and done at once: known as an operation only when the decision came late. */
export const testWebhook = installationOperation({
  kind: 'webhook.test',
  service: 'notifier',
  command: 'TestWebhook',
  parameters: { webhookId: Id, noticeId: Id },
  http: {
    path: '/webhooks/{id}/test',
    methods: ['POST'],
    summary: 'Sends a notice of type test',
    own: true,
  },
  title: { en: 'Test of a webhook', ru: 'Проверка вебхука' },
  steps: {},
  retry: { instead: message`An operation ${'webhook.test'} can not be repeated: send its request again` },
});

/** Repetition of a delivery. Decided on and done at once: known as an operation only when the decision came late. */
export const replayDelivery = installationOperation({
  kind: 'delivery.replay',
  service: 'notifier',
  command: 'ReplayDelivery',
  parameters: { noticeId: Id },
  http: {
    path: '/deliveries/{id}/replay',
    methods: ['POST'],
    summary: 'Sends a notice once more',
    own: true,
  },
  title: { en: 'Repetition of a delivery', ru: 'Повтор доставки' },
  steps: {},
  retry: { instead: message`An operation ${'delivery.replay'} can not be repeated: send its request again` },
});
