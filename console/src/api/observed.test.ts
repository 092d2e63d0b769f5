import { expect, test } from '@jest/globals';
import { withObserved } from './observed.ts';

const client = (id: string, serverId: string) => ({
  type: 'clients',
  id,
  available: true,
  availableCheckedAt: '2026-11-22T18:00:00.000Z',
  server: { type: 'servers', id: serverId },
});
const answer = (data: unknown) => ({ data, links: {}, meta: {}, status: 200 });
const later = '2026-11-22T18:00:10.000Z';

test('an observation of a server brings up to date what is shown of its clients, and of nobody else', () => {
  const shown = answer([client('c1', 's1'), client('c2', 's2')]);
  const observed = [{ serverId: 's1', attribute: 'availableCheckedAt', at: later } as const];
  const { data } = withObserved(shown, observed) as { data: ReturnType<typeof client>[] };
  expect(data.map(({ availableCheckedAt }) => availableCheckedAt)).toEqual([
    later,
    '2026-11-22T18:00:00.000Z',
  ]);
});

test('what has nothing of it stays the same answer', () => {
  const shown = answer(client('c1', 's1'));
  const observed = { attribute: 'availableCheckedAt', at: later } as const;
  expect(withObserved(shown, [{ ...observed, serverId: 's2' }])).toBe(shown);
  const listed = answer([{ type: 'clients', id: 'c1', slug: 'lab' }]);
  expect(withObserved(listed, [{ ...observed, serverId: 's1' }])).toBe(listed);
});
