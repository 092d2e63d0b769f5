import { expect, test } from '@jest/globals';
import { createSuspectQueue } from './crash-suspects.ts';

const never = new AbortController().signal;

test('suspects run one after the other, whether they end well or not', async () => {
  const queue = createSuspectQueue();
  let running = 0;
  let most = 0;
  const work = (fails: boolean) => async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    if (fails) throw new Error('failed');
    return 'ended';
  };
  const ends = await Promise.allSettled([
    queue.run(work(true), never),
    queue.run(work(false), never),
    queue.run(work(false), never),
  ]);
  expect(ends.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  expect(most).toBe(1);
});

test('a suspect that waits is let go when the service stops', async () => {
  const queue = createSuspectQueue();
  const stopping = new AbortController();
  const { promise, resolve } = Promise.withResolvers<string>();
  const first = queue.run(() => promise, stopping.signal);
  const second = queue.run(async () => 'never', stopping.signal);
  stopping.abort(new Error('The service stops'));
  await expect(second).rejects.toThrow('The service stops');
  resolve('ended');
  expect(await first).toBe('ended');
});
