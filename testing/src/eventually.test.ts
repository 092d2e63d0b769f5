import { expect, it } from '@jest/globals';

import { eventually } from './eventually.ts';

it('gives what the probe gives once it is neither undefined nor false', async () => {
  const answers = [undefined, false, 'there'] as const;
  let looks = 0;
  expect(await eventually('an answer', () => answers[looks++], { intervalMs: 1 })).toBe('there');
  expect(looks).toBe(3);
});

it('takes an exception for not yet, and tells of the last one at the deadline', async () => {
  const failing = () => {
    throw new Error('nobody listens');
  };
  await expect(eventually('the server', failing, { timeoutMs: 20, intervalMs: 5 })).rejects.toThrow(
    'waited 20 ms in vain for the server: nobody listens',
  );
});
