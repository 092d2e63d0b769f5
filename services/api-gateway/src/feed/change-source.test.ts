import type { ChangesReset } from '@alfa-cloud/contracts';
import { expect, test } from '@jest/globals';
import { createChangeSource } from './change-source.ts';

test('a position is waited for only behind an event', async () => {
  const asked: (string | undefined)[] = [];
  const source = createChangeSource({
    queries: {
      ask: async (_name, _request, options) => {
        asked.push(options?.minPosition);
        return { result: { cursor: 'none-0', reset: null, changes: [], more: false }, stale: false };
      },
    },
  });
  for (const cursor of [null, 'none-0', 'feedfeed-7']) await source.after(cursor);
  expect(asked).toEqual([undefined, undefined, '7']);
});

const sourceOf = (stale: boolean, reset: ChangesReset | null) =>
  createChangeSource({
    queries: {
      ask: async () => ({
        result: { cursor: 'feedfeed-5', reset, changes: [], more: false },
        stale,
      }),
    },
  });

test('replicas that are behind the cursor do not have everything read anew', async () => {
  await expect(sourceOf(true, 'unknown_cursor').onward('feedfeed-7')).rejects.toMatchObject({
    faults: [{ code: 'unavailable' }],
  });
  // Whoever begins with a cursor is told: the event store may have been set back.
  expect((await sourceOf(true, 'unknown_cursor').after('feedfeed-7')).view.reset).toBe('unknown_cursor');
  expect((await sourceOf(false, 'unknown_cursor').onward('feedfeed-7')).reset).toBe('unknown_cursor');
  expect((await sourceOf(true, 'too_many_changes').onward('feedfeed-7')).reset).toBe('too_many_changes');
  expect((await sourceOf(true, null).onward('feedfeed-5')).reset).toBeNull();
});
