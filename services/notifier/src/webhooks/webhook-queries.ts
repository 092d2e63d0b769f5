import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { QueryHandlers } from '@alfa-cloud/messaging';
import { readWebhooks, unknownWebhook, viewOf } from './webhooks.ts';

/** Questions about webhooks, answered from their events: there are few, and who has just made one sees it. */
export const webhookQueries = ({
  store,
}: {
  store: EventStore;
}): Pick<QueryHandlers, 'ListWebhooks' | 'GetWebhook'> => ({
  async ListWebhooks() {
    return { result: { items: (await readWebhooks(store)).map(viewOf) } };
  },
  async GetWebhook({ id }) {
    const found = (await readWebhooks(store)).find(({ webhook }) => webhook.webhookId === id);
    if (found === undefined) throw unknownWebhook();
    return { result: viewOf(found) };
  },
});
