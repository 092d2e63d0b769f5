import { expect, test } from '@jest/globals';
import { listWhole } from './list-whole.ts';

const items = (count: number) => Array.from({ length: count }, (_, index) => ({ id: `${index + 1}` }));

test('a list is read page by page', async () => {
  for (const count of [0, 1, 100, 250]) {
    const all = items(count);
    const page = async ({ number, size }: { number: number; size: number }) => ({
      items: all.slice((number - 1) * size, number * size),
      total: count,
    });
    expect(await listWhole(page)).toEqual(all);
  }
});

test('when one goes between two pages the list is read again: another one has moved to a page that was read already', async () => {
  let all = items(150);
  let asked = 0;
  const list = await listWhole(async ({ number, size }) => {
    asked += 1;
    if (asked === 2) all = all.slice(1);
    return { items: all.slice((number - 1) * size, number * size), total: all.length };
  });
  expect(list?.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
  expect(list?.some(({ id }) => id === '101')).toBe(true);
});

test('a list that changes each time is not told', async () => {
  let total = 200;
  expect(await listWhole(async () => ({ items: items(100), total: (total += 1) }))).toBeNull();
}, 15_000);
