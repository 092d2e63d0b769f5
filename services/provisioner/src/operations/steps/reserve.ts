import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { Step } from '@alfa-cloud/operations';
import { final } from '../../on-server/failures.ts';
import { holderOf } from '../../domain/reservations.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';

/**
 * Checks that the client still holds its slug, which was reserved before the creation was accepted: nothing may be made under a name of
 * somebody else.
 */
export const reserveStep = (store: EventStore): Step<ClientOnServer> => ({
  name: 'reserve',
  deadlineMs: 90_000,
  async act({ client }) {
    const holder = await holderOf(store, { scope: 'slug', name: client.slug });
    if (holder !== client.id) throw final('slug_lost', `The slug ${client.slug} is not held by this client`);
    return `Slug ${client.slug} is reserved`;
  },
});
