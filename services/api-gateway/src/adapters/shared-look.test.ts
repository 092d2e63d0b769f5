import { expect, test } from '@jest/globals';
import { createSharedLook } from './shared-look.ts';

test('each caller gets a look that began after its call; those who come meanwhile share one', async () => {
  const begun: PromiseWithResolvers<void>[] = [];
  const look = createSharedLook(() => {
    const one = Promise.withResolvers<void>();
    begun.push(one);
    return one.promise;
  });
  const first = look();
  const late = [look(), look(), look()];
  expect(begun).toHaveLength(1);
  begun[0]?.resolve();
  await first;
  await Promise.resolve();
  expect(begun).toHaveLength(2);
  let done = 0;
  for (const one of late) void one.then(() => (done += 1));
  await Promise.resolve();
  expect(done).toBe(0);
  begun[1]?.resolve();
  await Promise.all(late);
  expect(begun).toHaveLength(2);
});

test('a failed look fails those who share it, and the next one is begun anew', async () => {
  let broken = true;
  const look = createSharedLook(async () => {
    if (broken) throw new Error('away');
  });
  await Promise.all([1, 2, 3].map(() => expect(look()).rejects.toThrow('away')));
  broken = false;
  await look();
});
