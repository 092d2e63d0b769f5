import { expect, test } from '@jest/globals';
import { reject } from '@alfa-cloud/contracts';
import type { AskOptions } from '@alfa-cloud/messaging';
import { NewestPosition } from '../src/http/position.ts';
import { readsInOrder } from '../src/http/reads.ts';

/** Replicas that answer in turn, each as far as its position. */
const replicasAt = (...positions: (bigint | 'building')[]) => {
  let asked = 0;
  return {
    asked: () => asked,
    ask: async (_name: unknown, _request: unknown, options: AskOptions = {}) => {
      const position = positions[asked % positions.length] ?? 0n;
      asked += 1;
      if (position === 'building') throw reject('unavailable', 'The read models are being built');
      options.onPosition?.(String(position));
      const stale = BigInt(options.minPosition ?? '0') > position;
      if (stale) await new Promise((resolve) => setTimeout(resolve, options.positionWaitMs));
      return { result: { position } as never, stale };
    },
  };
};

const read = async (reads: ReturnType<typeof readsInOrder>) =>
  (await reads.ask('ListServers', { active: 'all' })) as unknown as {
    result: { position: bigint };
    stale: boolean;
  };

test('what one replica has shown is never older in the next answer, whichever replica is asked', async () => {
  const replicas = replicasAt(100n, 90n);
  const reads = readsInOrder(replicas, new NewestPosition());
  const seen = [];
  for (let index = 0; index < 4; index += 1) seen.push((await read(reads)).result.position);
  expect(seen).toEqual([100n, 100n, 100n, 100n]);
});

test('a replica that still builds its read models is passed over', async () => {
  const newest = new NewestPosition();
  newest.note('100');
  const replicas = replicasAt('building', 100n);
  expect(await read(readsInOrder(replicas, newest))).toMatchObject({ stale: false });
});

test('when no replica comes so far, the answer says that it is stale, but not before two seconds', async () => {
  const newest = new NewestPosition();
  newest.note('100');
  const begun = performance.now();
  expect(await read(readsInOrder(replicasAt(90n), newest))).toMatchObject({ stale: true });
  const tookMs = performance.now() - begun;
  expect(tookMs).toBeGreaterThan(1500);
});
