import {
  message,
  reject,
  shownWebhookUrl,
  streams,
  type WebhookEvent,
  type WebhookView,
} from '@alfa-cloud/contracts';
import type { Decider, EventStore } from '@alfa-cloud/event-sourcing';

export type Webhook = Extract<WebhookEvent, { type: 'WebhookSet' }>['data'];

/** Webhooks by id. */
export type Webhooks = ReadonlyMap<string, Webhook>;

export type WebhookCommand =
  | { type: 'create'; webhook: Webhook }
  | { type: 'change'; webhookId: string; changes: Partial<Omit<Webhook, 'webhookId'>> }
  | { type: 'remove'; webhookId: string };

/** Every one is looked at for every notice. */
const webhooksMax = 50;

export const webhooksDecider: Decider<Webhooks, WebhookCommand, WebhookEvent> = {
  initialState: () => new Map(),
  evolve(webhooks, { type, data }) {
    const after = new Map(webhooks);
    if (type === 'WebhookSet') after.set(data.webhookId, data);
    else after.delete(data.webhookId);
    return after;
  },
  decide(command, webhooks) {
    if (command.type === 'create') {
      if (webhooks.has(command.webhook.webhookId)) return [];
      if (webhooks.size >= webhooksMax) {
        throw reject('too_many_webhooks', message`There are ${webhooksMax} webhooks already`);
      }
      return [{ type: 'WebhookSet', data: command.webhook }];
    }
    const { webhookId } = command;
    const known = webhooks.get(webhookId);
    if (known === undefined) throw unknownWebhook();
    if (command.type === 'remove') return [{ type: 'WebhookRemoved', data: { webhookId } }];
    const isOther = Object.keys(command.changes).length > 0;
    return isOther ? [{ type: 'WebhookSet', data: { ...known, ...command.changes } }] : [];
  },
};

export const unknownWebhook = () => reject('not_found', message`There is no such webhook`);

/** In the order in which they were made. */
export const readWebhooks = async (
  store: EventStore,
): Promise<{ webhook: Webhook; createdAt: string; updatedAt: string }[]> => {
  const { events } = await store.read<WebhookEvent>(streams.webhooks);
  const known = new Map<string, { webhook: Webhook; createdAt: string; updatedAt: string }>();
  for (const { type, data, metadata } of events) {
    if (type === 'WebhookRemoved') known.delete(data.webhookId);
    else {
      const createdAt = known.get(data.webhookId)?.createdAt ?? metadata.at;
      known.set(data.webhookId, { webhook: data, createdAt, updatedAt: metadata.at });
    }
  }
  return [...known.values()];
};

/** What may be seen of it: all but the secret and the path of the address. */
export const viewOf = ({
  webhook: { webhookId: id, url, events, active },
  createdAt,
  updatedAt,
}: Awaited<ReturnType<typeof readWebhooks>>[number]): WebhookView => ({
  id,
  url: shownWebhookUrl(url),
  events,
  active,
  createdAt,
  updatedAt,
});
