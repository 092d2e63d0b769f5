import { streams } from '@alfa-cloud/contracts';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import {
  acceptedOperation,
  cause,
  Crashed,
  eventsOf,
  Life,
  live,
  operationId,
  serverId,
  stepNames,
  stepsOf,
  type World,
} from './operation-rig.ts';
import { requestCancel } from '../commands/request-cancel.ts';

/** Scenarios by name: what is wrong with the world, and how the operation must end whatever crashes. */
const scenarios = {
  'all goes well': { prepare: () => undefined, end: 'ok' },
  'a step fails twice and then works': {
    prepare: (world: World) => world.failures.set('c', { left: 2, kind: 'transient' }),
    end: 'ok',
  },
  'the effect of the last step but one is not as it should be': {
    prepare: (world: World) => world.failures.set('verify d', { left: 1000, kind: 'final' }),
    end: 'error',
  },
  'a step fails for good and one compensation needs three attempts': {
    prepare: (world: World) => {
      world.failures.set('d', { left: 1000, kind: 'final' });
      world.failures.set('undo b', { left: 2, kind: 'transient' });
    },
    end: 'error',
  },
} as const;

const expectConsistent = async (store: EventStore, world: World): Promise<void> => {
  const events = await eventsOf(store);
  const last = events.at(-1)?.type;
  const ends = events.filter(({ type }) => /^Operation(Succeeded|Failed|Cancelled)$/.test(type));
  expect(ends).toHaveLength(1);
  expect(ends[0]?.type).toBe(last);

  const completed = stepsOf(events, 'OperationStepCompleted');
  expect(completed).toEqual(stepNames.slice(0, completed.length));
  expect([...world.present]).toEqual(last === 'OperationSucceeded' ? stepNames : []);
  if (last === 'OperationSucceeded') expect(completed).toEqual(stepNames);

  const compensated = stepsOf(events, 'OperationStepCompensated');
  const begun = events.flatMap((event) =>
    event.type === 'OperationCompensationStarted' ? [event.data.steps] : [],
  );
  expect(begun).toEqual(last === 'OperationSucceeded' ? [] : [compensated]);
  expect(compensated).toEqual(compensated.toSorted().toReversed());

  for (const name of stepNames) {
    const attempts = events.flatMap((event) =>
      event.type === 'OperationStepStarted' && event.data.step === name ? [event.data.attempt] : [],
    );
    expect(attempts).toEqual(attempts.map((_, index) => index + 1));
    expect(world.journal.filter((change) => change === `+${name}`).length).toBeLessThanOrEqual(1);
  }
  const { events: aggregate } = await store.read(streams.server(serverId));
  expect(aggregate.map(({ type }) => type)).toEqual([
    last === 'OperationSucceeded' ? 'ServerBecameReady' : 'ServerPreparationFailed',
  ]);
};

describe.each(Object.entries(scenarios))('%s', (_name, { prepare, end }) => {
  test('a crash at any point is made good by the next worker', async () => {
    let finished = false;
    for (let at = 1; !finished; at += 1) {
      const { store, world } = await acceptedOperation();
      prepare(world);
      const life = new Life(at);
      const outcome = await live(store, world, life).catch((error: unknown) => error);
      if (outcome instanceof Error) {
        expect(outcome).toBeInstanceOf(Crashed);
        await live(store, world, new Life());
      } else {
        finished = true;
        expect(life.points).toBeLessThan(at);
      }
      expect(await live(store, world, new Life())).toMatchObject({ status: end });
      await expectConsistent(store, world);
    }
  });

  test('so are several crashes, with a cancel request somewhere', async () => {
    const property = async (crashes: number[], cancelAt: number) => {
      const { store, world } = await acceptedOperation();
      prepare(world);
      const cancel = async () => {
        await requestCancel(store, { operationId, cause }).catch(() => undefined);
      };
      const canceller = new Life(cancelAt, cancel);
      const observer = () => canceller.point();
      for (const at of crashes) await live(store, world, new Life(at), { observer }).catch(() => undefined);
      await live(store, world, new Life(), { observer });
      await expectConsistent(store, world);
    };
    const crashPoint = fc.integer({ min: 1, max: 70 });
    await fc.assert(
      fc.asyncProperty(fc.array(crashPoint, { maxLength: 4 }), fc.integer({ min: 1, max: 40 }), property),
      { numRuns: 60 },
    );
  });
});

test('a cancel request at any point ends in nothing left behind, or comes too late', async () => {
  const ends = new Set<string>();
  for (let at = 1, passed = true; passed; at += 1) {
    const { store, world } = await acceptedOperation();
    passed = false;
    const canceller = new Life(at, async () => {
      passed = true;
      await requestCancel(store, { operationId, cause }).catch(() => undefined);
    });
    const { status } = await live(store, world, canceller);
    ends.add(status);
    await expectConsistent(store, world);
  }
  expect(ends).toEqual(new Set(['cancelled', 'ok']));
});
