import { expect, test } from '@jest/globals';
import { availabilitySql } from '../availability/availability.ts';
import { clientCondition, clientOrder } from './client-filter.ts';
import { folded, searchText } from './search-text.ts';

const { available, checkedMs } = availabilitySql;
const fresh = `coalesce(${checkedMs} >= ?, FALSE)`;

test('no filter: all that are not deleted', () => {
  expect(clientCondition({}, 0)).toEqual({
    where: ' WHERE clients.deleted = 0',
    values: [],
    join: '',
    readsObservations: false,
  });
});

test('every filter at once; values never stand in the text', () => {
  const filter = {
    status: 'active' as const,
    serverId: "s'1",
    image: 'alfa:1',
    expiresBefore: '2026-02-01',
    search: "О'Брайен%",
    available: true,
  };
  const { where, values, readsObservations } = clientCondition(filter, 5);
  expect(where).toBe(
    ' WHERE clients.deleted = 0 AND clients.status = ? AND clients.server_id = ? AND clients.image = ? AND clients.expire_date < ?' +
      ` AND instr(clients.search, ?) > 0 AND ${available} = ? AND ${fresh}`,
  );
  expect(values).toEqual(['active', "s'1", 'alfa:1', '2026-02-01', "о'брайен%", 1, 5]);
  expect(readsObservations).toBe(true);
});

test('availability unknown is a condition of its own', () => {
  expect(clientCondition({ available: null }, 5)).toMatchObject({
    where: ` WHERE clients.deleted = 0 AND (${available} IS NULL OR NOT ${fresh})`,
    values: [5],
  });
});

test.each([
  [[], ' ORDER BY clients.created_at, clients.id'],
  [[{ field: 'name', descending: true }], ' ORDER BY clients.name DESC, clients.id DESC'],
  [
    [
      { field: 'status', descending: true },
      { field: 'slug', descending: false },
      { field: 'status', descending: false },
    ],
    ' ORDER BY clients.status DESC, clients.slug, clients.id',
  ],
] as const)('sort %j', (sort, sql) => {
  expect(clientOrder([...sort])).toBe(sql);
});

test('folding knows Cyrillic, ё and composed letters', () => {
  expect(folded('СЕМЁНОВ')).toBe('семенов');
  expect(folded('Cafe\u0301')).toBe('café');
  expect(searchText(['Лаборатория', null, 'a@b'])).toBe('лаборатория\na@b');
});
