import { expect, test } from '@jest/globals';
import type { CommandReply } from '@alfa-cloud/contracts';
import { missedReplies } from './missed-replies.ts';
import { createPendingReplies } from './pending-replies.ts';

const reply: CommandReply = { outcome: 'accepted', fingerprint: 'f', ids: {}, position: '1' };

test('replies are looked for of those who still wait only', async () => {
  const pending = createPendingReplies(10);
  const [first, second, third] = ['a', 'b', 'c'].map((id) => pending.join(id));
  const looked: string[] = [];
  await missedReplies(pending, async (id) => {
    looked.push(id);
    second?.leave();
    return id === 'c' ? reply : null;
  })();
  expect(looked).toEqual(['a', 'c']);
  expect(await third?.reply).toEqual(reply);
  first?.leave();
});

test('a connection that comes back again and again has one search at work, which begins anew', async () => {
  const pending = createPendingReplies(10);
  for (const id of ['a', 'b']) pending.join(id);
  const looked: string[] = [];
  let atWork = 0;
  const look = missedReplies(pending, async (id) => {
    looked.push(id);
    atWork += 1;
    expect(atWork).toBe(1);
    // While the first look of all is under way.
    if (looked.length === 1) await Promise.all([look(), look()]);
    await Promise.resolve();
    atWork -= 1;
    return null;
  });
  await look();
  expect(looked).toEqual(['a', 'a', 'b']);
  await look();
  expect(looked).toEqual(['a', 'a', 'b', 'a', 'b']);
});
