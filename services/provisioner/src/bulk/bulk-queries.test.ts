import { deriveId } from '@alfa-cloud/contracts';
import { inMemoryEventStore } from '@alfa-cloud/event-sourcing/testing';
import { querySenderOf } from '@alfa-cloud/messaging/testing';
import { expect, test } from '@jest/globals';
import { createPlaces } from '../domain/places.ts';
import { bulkQueries } from './bulk-queries.ts';

test('the plan over ten thousand clients is an answer that NATS can carry', async () => {
  const queries = querySenderOf(
    bulkQueries({
      store: inMemoryEventStore(),
      queries: querySenderOf({}),
      places: createPlaces({ store: inMemoryEventStore(), count: async () => [] }),
      monitored: () => null,
      cloudServers: {
        of: () => {
          throw new Error('No server is asked');
        },
        close: async () => {},
      },
    }),
  );
  const clientIds = Array.from({ length: 10_000 }, (_, index) => deriveId('client', index));
  const request = { kind: 'clients.migrate', data: { clientIds } } as const;
  const { result } = await queries.ask('PlanBulk', request);
  expect([result.total, result.skippedTotal, result.skipped.length]).toEqual([0, 10_000, 1000]);
  expect(JSON.stringify(result).length).toBeLessThan(1_000_000);
});
