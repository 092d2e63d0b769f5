import { expect, test } from '@jest/globals';
import type { ClientResource } from '../../../api/resources.ts';
import { comparedWith, isBefore } from './as-it-was.ts';

const client = (attributes: object, serverId: string): ClientResource =>
  ({
    type: 'clients',
    id: 'c1',
    status: 'active',
    aliases: [],
    image: 'alfa:1',
    server: { type: 'servers', id: serverId },
    ...attributes,
  }) as unknown as ClientResource;

const othersOf = (then: ClientResource, now: ClientResource | null): string[] =>
  comparedWith(then, now)
    .filter(({ isOther }) => isOther)
    .map(({ name }) => name);

test('what is other now is marked, lists and servers too; what is measured alone is not compared', () => {
  const then = client({ aliases: ['a.test'], available: null, updatedAt: '1' }, 's1');
  const now = client({ aliases: ['a.test', 'b.test'], available: true, updatedAt: '2' }, 's2');
  expect(othersOf(then, now)).toEqual(['aliases', 'server']);
  expect(othersOf(then, then)).toEqual([]);
});

test('of a deleted client nothing is called other', () => {
  expect(othersOf(client({ image: 'alfa:1' }, 's1'), null)).toEqual([]);
});

test('a moment of an address is looked for on older pages of events, the present is not', () => {
  const moments = ['2026-11-01T10:00:00.000Z', '2026-11-02T10:00:00.000Z', 'now', ''];
  const areBefore = moments.map((moment) => isBefore(moment, '2026-11-02T10:00:00.000Z'));
  expect(areBefore).toEqual([true, false, false, false]);
  expect(isBefore('2026-11-01T10:00:00.000Z', null)).toBe(false);
});
