import type { OperationView } from '@alfa-cloud/contracts';
import { querySenderOf } from '@alfa-cloud/messaging/testing';
import { expect, test } from '@jest/globals';
import { moveRates } from './move-rate.ts';

const at = '2026-11-26T10:00:00.000Z';

const move = (id: string, from: string, to: string, bytesPerSecond: number | null) =>
  ({ id, finishedAt: at, result: { from, to, bytesPerSecond } }) as unknown as OperationView;

/** Rates by these moves, the newest first. */
const ratesBy = (...items: OperationView[]) =>
  moveRates(
    querySenderOf({ ListOperations: async () => ({ result: { items, total: items.length } }) }),
    new AbortController().signal,
  );

test('the last move between the two servers in this direction that has measured its rate tells it', async () => {
  const rateOf = await ratesBy(
    move('not measured', 'a', 'b', null),
    move('back', 'b', 'a', 1),
    move('from elsewhere', 'c', 'b', 1),
    move('last', 'a', 'b', 3000),
    move('before', 'a', 'b', 9),
  );
  expect(rateOf({ from: 'a', to: 'b' })).toEqual({
    bytesPerSecond: 3000,
    measured: { operationId: 'last', at },
  });
  expect(rateOf({ from: 'a', to: 'c' })).toEqual({ bytesPerSecond: 20 * 1024 ** 2, measured: null });
});

test('it is assumed where nobody tells it: there was no move, or the read models are away', async () => {
  expect((await ratesBy())({ from: 'a', to: 'b' }).measured).toBeNull();
  const fail = () => Promise.reject(Object.assign(new Error('away'), { name: 'MessagingUnavailable' }));
  const rateOf = await moveRates({ ask: fail }, new AbortController().signal);
  expect(rateOf({ from: 'a', to: 'b' }).measured).toBeNull();
});
