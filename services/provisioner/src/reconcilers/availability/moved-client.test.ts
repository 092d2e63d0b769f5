import { afterEach, expect, test } from '@jest/globals';
import type { ClientView } from '@alfa-cloud/contracts';
import { inMemoryFeed, querySenderOf } from '@alfa-cloud/messaging/testing';
import { createLogger, Semaphore } from '@alfa-cloud/service-kit';
import { stopRigs } from '../../../test/rig.ts';
import { twoServers } from '../../../test/moving-servers.ts';
import { createAvailabilityRecord } from './availability-record.ts';
import { observeClient, observeServer, type ObservationDeps } from './observe-server.ts';

afterEach(stopRigs);

test('what is seen of a moved client on the server that it has left says nothing of it', async () => {
  const { rig, from, to, clientId, common, move, eventsOnClient } = await twoServers();
  await rig.succeed(move());
  const clock = () => new Date();
  const view = { id: clientId, slug: 'first', image: 'alfa/client:1' } as ClientView;
  const deps: ObservationDeps = {
    store: rig.store,
    // The read models do not know yet that it has moved.
    queries: querySenderOf({
      ListClients: async () => ({ result: { items: [view], total: 1, servers: [] } }),
    }),
    feed: inMemoryFeed(),
    cloudServers: { of: ({ id }) => common.cloudOf(id), close: async () => {} },
    clock,
    logger: createLogger({ service: 'provisioner', level: 'fatal' }),
    config: { everyMs: 1000, probeMs: 1000, parallel: 1, confirmMs: 1 },
    record: createAvailabilityRecord(rig.store, clock),
    otherImages: { includes: () => false },
    slots: new Semaphore(1),
  };
  const { signal } = new AbortController();
  const told = async () =>
    (await eventsOnClient()).flatMap(({ type, data }) =>
      type === 'ClientAvailabilityChanged' ? [data.available] : [],
    );
  const before = await told();
  expect(await observeClient(deps, from, clientId, signal)).toBeNull();
  expect(await observeServer(deps, from, signal)).toEqual([]);
  expect(await told()).toEqual(before);
  expect(await observeClient(deps, to, clientId, signal)).toBe(true);
});
