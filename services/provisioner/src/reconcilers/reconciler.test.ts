import { expect, test } from '@jest/globals';
import { createLogger } from '@alfa-cloud/service-kit';
import { createReconciler, type ReconcilerOptions } from './reconciler.ts';

type Options = ReconcilerOptions<{ id: string }>;

const reconcilerOf = (given: Partial<Options> & Pick<Options, 'reconcile'>) => {
  const lines: string[] = [];
  const reconciler = createReconciler<{ id: string }>({
    name: 'things',
    idName: 'clientId',
    everyMs: 1000,
    parallel: 2,
    async *choose() {
      yield* ['a', 'b', 'c'].map((id) => ({ id }));
    },
    logger: createLogger({ service: 'test', destination: { write: (line) => void lines.push(line) } }),
    ...given,
  });
  return { ...reconciler, logged: () => lines.map((line) => JSON.parse(line) as object) };
};

/** One letter an item, a word a round; `b` fails for the first `failures` rounds. */
const roundsOf = async (count: number, failures: number, everyMs: number) => {
  const rounds: string[] = [];
  const { runOnce, logged } = reconcilerOf({
    everyMs,
    reconcile: async ({ id }) => {
      rounds.push((rounds.pop() ?? '') + id);
      if (id === 'b' && rounds.length <= failures) throw new Error('ill');
    },
  });
  for (let round = 0; round < count; round += 1) {
    rounds.push('');
    await runOnce();
  }
  return { rounds, logged };
};

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('no more items are at work than may be, and the next one is chosen when there is room', async () => {
  const gates = new Map<string, () => void>();
  const chosen: string[] = [];
  const { runOnce } = reconcilerOf({
    async *choose() {
      for (const id of ['a', 'b', 'c']) {
        chosen.push(id);
        yield { id };
      }
    },
    reconcile: ({ id }) => new Promise((resolve) => gates.set(id, resolve)),
  });
  const round = runOnce();
  await settled();
  expect([[...gates.keys()], chosen]).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ]);
  gates.get('b')?.();
  await settled();
  expect([...gates.keys()]).toEqual(['a', 'b', 'c']);
  for (const open of gates.values()) open();
  await round;
});

test('an item that fails keeps no other from its turn and sits out up to three rounds, until it succeeds', async () => {
  const { rounds, logged } = await roundsOf(14, 11, 1000);
  const words = 'abc abc ac abc ac ac ac abc ac ac ac abc abc abc';
  expect(rounds.join(' ')).toBe(words);
  expect(logged()[0]).toMatchObject({ clientId: 'b', reason: 'ill', msg: 'things not reconciled' });
  expect(logged()).toHaveLength(4);
});

test('an item that fails is tried again within a minute', async () => {
  expect((await roundsOf(4, 4, 60_000)).rounds.join(' ')).toBe('abc abc abc abc');
});

test('an item that is asked for sits nothing out', async () => {
  let tries = 0;
  const { runOnce, soon } = reconcilerOf({
    reconcile: async () => {
      tries += 1;
      throw new Error('ill');
    },
  });
  for (let round = 0; round < 3; round += 1) await runOnce();
  expect(tries).toBe(6);
  await soon({ id: 'a' });
  expect(tries).toBe(7);
});

test('a round that can not be chosen rejects, after what was chosen has ended', async () => {
  const worked: string[] = [];
  const { runOnce } = reconcilerOf({
    async *choose() {
      yield { id: 'a' };
      throw new Error('no read model');
    },
    reconcile: async ({ id }) => {
      await settled();
      worked.push(id);
    },
  });
  await expect(runOnce()).rejects.toThrow('no read model');
  expect(worked).toEqual(['a']);
});
