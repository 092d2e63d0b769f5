import { expect, test } from '@jest/globals';
import type { CommandReply } from '@alfa-cloud/contracts';
import { createPendingReplies } from './pending-replies.ts';

const reply: CommandReply = { outcome: 'accepted', fingerprint: 'f', ids: {}, position: '1' };

test('all who wait for a command get its reply, others do not', async () => {
  const waiters = createPendingReplies(10);
  const [one, two, other] = [waiters.join('a'), waiters.join('a'), waiters.join('b')];
  waiters.answer('a', reply);
  expect(await Promise.all([one.reply, two.reply])).toEqual([reply, reply]);
  expect(await Promise.race([other.reply, Promise.resolve('nothing')])).toBe('nothing');
});

test('who has left makes room, once, and leaves nothing behind', () => {
  const waiters = createPendingReplies(2);
  const first = waiters.join('a');
  const second = waiters.join('a');
  expect(() => waiters.join('b')).toThrow('More than 2 commands');
  first.leave();
  first.leave();
  expect(waiters.isAwaited('a')).toBe(true);
  waiters.join('b').leave();
  second.leave();
  expect(waiters.isAwaited('a')).toBe(false);
  expect(waiters.size()).toBe(0);
});
