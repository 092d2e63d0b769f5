import { expect, test } from '@jest/globals';
import { factsOf } from './facts.ts';

test('values are told by what they are; what is empty is left out', () => {
  const facts = factsOf({
    clientId: 'c1',
    to: 's1',
    cloud: 'https://lab.alfa.test',
    closedMs: 4200,
    sizeBytes: 10,
    bytesPerSecond: 7,
    holdUntil: '2026-11-26T12:00:00.000Z',
    force: true,
    image: 'alfa:1',
    lost: null,
    left: [],
  });
  expect(facts.map(({ name, as }) => [name, as])).toEqual([
    ['clientId', 'target'],
    ['to', 'target'],
    ['cloud', 'address'],
    ['closedMs', 'duration'],
    ['sizeBytes', 'bytes'],
    ['bytesPerSecond', 'rate'],
    ['holdUntil', 'moment'],
    ['force', 'answer'],
    ['image', 'text'],
  ]);
});

test('lists are told a line each, with what is said of each', () => {
  const servers = [
    { serverId: 's1', name: 'cloud-1', outcome: 'ok' },
    { serverId: 's2', name: 'cloud-2', outcome: 'failed', reason: 'is away' },
  ];
  expect(factsOf({ servers, tags: ['alfa:1'], other: { a: 1 }, clientIds: ['c1', 'c2'] })).toEqual([
    { name: 'servers', as: 'lines', lines: ['cloud-1: ok', 'cloud-2: is away'] },
    { name: 'tags', as: 'lines', lines: ['alfa:1'] },
    { name: 'other', as: 'lines', lines: ['{"a":1}'] },
    { name: 'clientIds', as: 'number', value: 2 },
  ]);
});
