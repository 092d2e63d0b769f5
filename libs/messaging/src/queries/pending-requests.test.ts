import { expect, jest, test } from '@jest/globals';
import { createPendingRequests } from './pending-requests.ts';

const answer = Buffer.from('{}');

test('an answer reaches the one who asked, and only the first counts', async () => {
  const waiters = createPendingRequests(10);
  const [one, two] = [waiters.join(60_000), waiters.join(60_000)];
  expect(one.token).not.toBe(two.token);
  waiters.settle(two.token, answer);
  waiters.settle(two.token, 'nobody');
  waiters.settle('unknown', answer);
  expect(await two.asked).toBe(answer);
  expect(waiters.size()).toBe(1);
  waiters.settle(one.token, 'nobody');
  expect(await one.asked).toBe('nobody');
});

test('a broken connection tells all, and leaves nobody behind', async () => {
  const waiters = createPendingRequests(10);
  const asked = [waiters.join(60_000).asked, waiters.join(60_000).asked];
  waiters.settleAll('broken');
  expect(await Promise.all(asked)).toEqual(['broken', 'broken']);
  expect(waiters.size()).toBe(0);
});

test('nobody waits longer than told, and an answer that comes later is dropped', async () => {
  jest.useFakeTimers();
  try {
    const waiters = createPendingRequests(10);
    const { token, asked } = waiters.join(100);
    jest.advanceTimersByTime(99);
    expect(waiters.size()).toBe(1);
    jest.advanceTimersByTime(1);
    expect(waiters.size()).toBe(0);
    waiters.settle(token, answer);
    expect(await asked).toBe('late');
    expect(jest.getTimerCount()).toBe(0);
  } finally {
    jest.useRealTimers();
  }
});

test('at most so many wait; who has an answer makes room', () => {
  const waiters = createPendingRequests(1);
  const { token } = waiters.join(60_000);
  expect(() => waiters.join(60_000)).toThrow('More than 1 queries');
  waiters.settle(token, answer);
  waiters.settle(waiters.join(60_000).token, answer);
});
