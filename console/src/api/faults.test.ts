import { expect, test } from '@jest/globals';
import { isAway, isDecided, isRefusedOnTheWay } from './faults.ts';

test.each([
  ['nobody answered', { status: 0, code: 'not_reached' }, 'away'],
  ['a proxy that does not reach Alfa Cloud', { status: 502, code: 'not_understood' }, 'away'],
  ['a page of the network', { status: 200, code: 'not_understood' }, 'away'],
  ['a proxy that wants a password of its own', { status: 401, code: 'not_understood' }, 'refused on the way'],
  ['Alfa Cloud', { status: 401, code: 'credentials_required' }, 'neither'],
  ['Alfa Cloud, busy', { status: 503, code: 'busy' }, 'neither'],
])('who did not answer as asked: %s', (_who, error, told) => {
  expect([isAway(error), isRefusedOnTheWay(error), isDecided(error)]).toEqual([
    told === 'away',
    told === 'refused on the way',
    told === 'neither',
  ]);
});
