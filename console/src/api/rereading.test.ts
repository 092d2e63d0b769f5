import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { environmentManager, QueryClient, QueryObserver } from '@tanstack/query-core';
import { rereadingOf } from './rereading.ts';

beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] }));
afterEach(() => void jest.useRealTimers());

const changed = { type: 'clients', id: 'c1', clientId: null, serverId: null, removed: false };

/** A screen that shows `/clients`; each question is answered after so long. */
const shown = async (answeredAfterMs: number) => {
  const queries = new QueryClient();
  let asked = 0;
  const observer = new QueryObserver(queries, {
    queryKey: ['/clients', {}, 'en'],
    queryFn: async () => {
      asked += 1;
      const mine = asked;
      await new Promise((resolve) => setTimeout(resolve, answeredAfterMs));
      return mine;
    },
  });
  const leave = observer.subscribe(() => undefined);
  const rereading = rereadingOf(queries);
  return {
    queries,
    rereading,
    asked: () => asked,
    answered: () => observer.getCurrentResult().data,
    close: () => {
      leave();
      rereading.stop();
      queries.clear();
    },
  };
};

test('a question that was on its way at the change is asked once more, and not broken off', async () => {
  const { rereading, asked, answered, close } = await shown(500);
  rereading.after([changed]);
  await jest.advanceTimersByTimeAsync(400);
  expect([asked(), answered()]).toEqual([1, undefined]);
  await jest.advanceTimersByTimeAsync(1500);
  expect([asked(), answered()]).toEqual([2, 2]);
  close();
});

test('however often something changes, it is read once a second', async () => {
  const { rereading, asked, close } = await shown(10);
  await jest.advanceTimersByTimeAsync(100);
  for (let change = 0; change < 50; change += 1) {
    rereading.after([changed]);
    await jest.advanceTimersByTimeAsync(100);
  }
  expect(asked()).toBeGreaterThan(4);
  expect(asked()).toBeLessThanOrEqual(7);
  close();
});

test('one question that is answered slowly makes no other one be asked more often', async () => {
  const { rereading, asked, close, queries } = await shown(10);
  const slow = new QueryObserver(queries, {
    queryKey: ['/clients', { slow: true }, 'en'],
    queryFn: () => new Promise((resolve) => setTimeout(resolve, 60_000, 'late')),
  });
  const leave = slow.subscribe(() => undefined);
  for (let change = 0; change < 50; change += 1) {
    rereading.after([changed]);
    await jest.advanceTimersByTimeAsync(100);
  }
  expect(asked()).toBeLessThanOrEqual(7);
  leave();
  close();
});

test('an observation is no answer: a fault stays told, and what has nothing of it is asked when it would have been', async () => {
  environmentManager.setIsServer(() => false);
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const server = { type: 'servers', id: 's1', healthCheckedAt: 'before' };
  const asked = { servers: 0, webhooks: 0 };
  const observers = [
    new QueryObserver(queries, {
      queryKey: ['/servers/s1', {}, 'en'],
      queryFn: async () => {
        asked.servers += 1;
        if (asked.servers > 1) throw new Error('refused');
        return { data: server, links: {}, meta: {}, status: 200 };
      },
    }),
    new QueryObserver(queries, {
      queryKey: ['/webhooks', {}, 'en'],
      queryFn: async () => {
        asked.webhooks += 1;
        return { data: [], links: {}, meta: {}, status: 200 };
      },
      refetchInterval: 5000,
    }),
  ] as const;
  const leaving = observers.map((observer) => observer.subscribe(() => undefined));
  const rereading = rereadingOf(queries);
  await jest.advanceTimersByTimeAsync(100);
  await observers[0].refetch();
  for (let second = 0; second < 11; second += 1) {
    rereading.observed([{ serverId: 's1', attribute: 'healthCheckedAt', at: `second ${second}` }]);
    await jest.advanceTimersByTimeAsync(1000);
  }
  const { status, data } = observers[0].getCurrentResult();
  expect([status, data?.data.healthCheckedAt]).toEqual(['error', 'second 10']);
  expect(asked.webhooks).toBe(3);
  for (const leave of leaving) leave();
  rereading.stop();
  queries.clear();
});
