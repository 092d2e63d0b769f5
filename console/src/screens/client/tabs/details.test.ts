import { expect, test } from '@jest/globals';
import type { ClientResource } from '../../../api/resources.ts';
import { changedAttributes, detailsOf, mergedDetails } from './details.ts';

const client = {
  name: 'Lab',
  email: 'lab@lab.test',
  locale: 'ru',
  notes: null,
  expiryWarnings: true,
  aliases: ['a.test'],
  limits: { memoryMb: 512, cpus: 1, pids: 256, uploadMb: 64, requestTimeoutS: 300 },
} as ClientResource;

test('only what was changed is sent', () => {
  const before = detailsOf(client);
  expect(changedAttributes(before, before)).toEqual({});
  expect(changedAttributes(before, { ...before, name: 'Lab 2', notes: 'Pays late' })).toEqual({
    name: 'Lab 2',
    notes: 'Pays late',
  });
});

test('addresses are one a line, and an emptied limit is that of the server', () => {
  const before = detailsOf(client);
  expect(
    changedAttributes(before, {
      ...before,
      aliases: ' a.test\n\nb.test ',
      limits: { ...before.limits, memoryMb: '1024', uploadMb: '' },
    }),
  ).toEqual({ aliases: ['a.test', 'b.test'], limits: { memoryMb: 1024, uploadMb: null } });
});

test('what is typed while a form is saved stays, and the rest is what was answered', () => {
  const known = { ...detailsOf(client), name: 'sent' };
  const form = { ...known, notes: 'typed later', limits: { ...known.limits, pids: '77' } };
  const now = { ...known, name: 'answered', notes: 'stored' };
  expect(mergedDetails(now, known, form)).toEqual({
    ...now,
    notes: 'typed later',
    limits: { ...known.limits, pids: '77' },
  });
});
