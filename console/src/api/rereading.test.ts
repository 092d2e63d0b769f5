import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { QueryClient, QueryObserver } from '@tanstack/query-core';
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
  const rereading = rereadingOf(queries as never);
  return {
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
