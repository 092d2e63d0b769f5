import { expect, test } from '@jest/globals';
import type { ClientResource } from '../../../api/resources.ts';
import { comparedWith } from './as-it-was.ts';

const client = (attributes: object, serverId: string): ClientResource =>
  ({
    type: 'clients',
    id: 'c1',
    attributes: { status: 'active', aliases: [], image: 'alfa:1', ...attributes },
    relationships: { server: { data: { type: 'servers', id: serverId } } },
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
