import { expect, test } from '@jest/globals';
import type { Change } from '@alfa-cloud/client';
import { isConcerned } from './concern.ts';

const change = (type: string, id: string, about: Partial<Change> = {}): Change => ({
  type,
  id,
  clientId: null,
  serverId: null,
  removed: false,
  ...about,
});

test.each([
  ['/clients', change('clients', 'c1'), true],
  ['/clients', change('operations', 'o1', { clientId: 'c1' }), false],
  ['/clients/c1', change('clients', 'c1'), true],
  ['/clients/c1', change('clients', 'c2'), false],
  ['/clients/c1/backups', change('backups', 'b1', { clientId: 'c1' }), true],
  ['/clients/c1/history', change('mails', 'm1', { clientId: 'c2' }), false],
  ['/servers/s1/history', change('operations', 'o1', { serverId: 's1' }), true],
  ['/images', change('builds', 'b1'), true],
  ['/history', change('mails', 'm1', { clientId: 'c2' }), true],
  ['/webhooks', change('alerts', 'a1'), false],
])('whether %s is read again after a change of %j: %j', (path, changed, expected) => {
  expect(isConcerned(path, changed)).toBe(expected);
});
