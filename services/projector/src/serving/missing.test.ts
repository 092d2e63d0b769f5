import { expect, test } from '@jest/globals';
import { Positions } from '../read-models/positions.ts';
import { isThereByNow } from './missing.ts';

const at = (reached: bigint): Positions => {
  const positions = new Positions();
  positions.moveTo(reached);
  return positions;
};

const storeWith = (newest: bigint | null) => ({ newestPosition: async () => newest });

test('what has no events, or none that is not in the read models, is really not there', async () => {
  const positions = at(10n);
  expect(await isThereByNow({ eventStore: storeWith(null), positions }, 'operation-x', 10)).toBe(false);
  expect(await isThereByNow({ eventStore: storeWith(10n), positions }, 'operation-x', 10)).toBe(false);
});

test('what has newer events is waited for, and never called missing when they do not come', async () => {
  const positions = at(10n);
  const waiting = isThereByNow({ eventStore: storeWith(11n), positions }, 'operation-x', 5000);
  setImmediate(() => positions.moveTo(11n));
  expect(await waiting).toBe(true);
  await expect(
    isThereByNow({ eventStore: storeWith(12n), positions }, 'operation-x', 10),
  ).rejects.toMatchObject({ faults: [{ code: 'unavailable' }] });
});

test('nobody is told that something is missing while the event store can not be asked', async () => {
  const eventStore = {
    newestPosition: async () => {
      throw new Error('away');
    },
  };
  await expect(isThereByNow({ eventStore, positions: at(10n) }, 'operation-x', 10)).rejects.toMatchObject({
    faults: [{ code: 'unavailable', meta: { unchecked: true } }],
  });
});
