import { deriveId, message, type OperationEvent } from '@alfa-cloud/contracts';
import { describe, expect, jest, test } from '@jest/globals';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import {
  OperationSuspended,
  StepFailure,
  type OperationObserver,
  type Step,
} from '../operation/operation.ts';
import {
  acceptedOperation,
  cause,
  definition,
  eventsOf,
  Life,
  live,
  only,
  operationId,
  stepsOf,
  type Scene,
} from './operation-rig.ts';
import { foldOperation, plannedChildrenIn } from '../operation/operation-state.ts';
import { requestCancel } from '../commands/request-cancel.ts';

/** The rig's steps, one of them changed. */
const withStep = (name: string, change: Partial<Step<Scene>>): Step<Scene>[] =>
  definition.steps.map((step) => (step.name === name ? { ...step, ...change } : step));

const cancelWhen =
  (store: EventStore, step: string, phase: 'started' | 'completed' | 'failed'): OperationObserver =>
  async (moment) => {
    if (moment.step === step && moment.phase === phase) await requestCancel(store, { operationId, cause });
  };

describe('a point of no return', () => {
  test.each(['started', 'completed'] as const)('that is %s makes a cancel come too late', async (phase) => {
    const { store, world } = await acceptedOperation();
    const steps = withStep('c', { pointOfNoReturn: true });
    const observer = cancelWhen(store, 'c', phase);
    expect(await live(store, world, new Life(), { steps, observer })).toEqual({ status: 'ok' });
  });

  test('is not reached by the step before', async () => {
    const { store, world } = await acceptedOperation();
    const steps = withStep('c', { pointOfNoReturn: true });
    const observer = cancelWhen(store, 'b', 'completed');
    expect(await live(store, world, new Life(), { steps, observer })).toMatchObject({ status: 'cancelled' });
    expect([...world.present]).toEqual([]);
  });

  test('that is skipped is none', async () => {
    const { store, world } = await acceptedOperation();
    const steps = withStep('c', { pointOfNoReturn: true, skip: () => true });
    const observer = cancelWhen(store, 'd', 'started');
    expect(await live(store, world, new Life(), { steps, observer })).toMatchObject({ status: 'cancelled' });
  });

  test('does not keep a failure from being taken back, and its pauses stay as long as they are', async () => {
    const { store, world } = await acceptedOperation();
    world.failures.set('c', { left: 1000, kind: 'transient' });
    const steps = withStep('c', { pointOfNoReturn: true });
    const observer = cancelWhen(store, 'c', 'failed');
    const end = await live(store, world, new Life(), { steps, observer });
    expect(end).toMatchObject({ status: 'error', cause: { code: 'broken', step: 'c' } });
    expect(stepsOf(await eventsOf(store), 'OperationStepFailed')).toHaveLength(5);
  });
});

describe('a step that runs other operations', () => {
  const children = [{ clientId: operationId, operationId }];
  const plan = { children, skipped: [], canary: 1, waveSize: 4, stopAfter: 3 };

  test('records which, without losing its own operation', async () => {
    const { store, world } = await acceptedOperation();
    const steps = withStep('b', {
      probe: async () => false,
      act: async (_, io) => io.plan(plan),
      verify: async () => {},
    });
    expect(await live(store, world, new Life(), { steps })).toEqual({ status: 'ok' });
    const events = await eventsOf(store);
    const index = events.findIndex(({ type }) => type === 'OperationChildrenPlanned');
    const before: OperationEvent[] = events.slice(0, index);
    expect(foldOperation(before)).toMatchObject({ status: 'open', children: null });
    expect(foldOperation(events.slice(0, index + 1))).toMatchObject({ children: plan });
  });

  test('plans ten thousand clients in events that the event store takes, and anew after a crash between two of them', async () => {
    const { store, world } = await acceptedOperation();
    const clients = Array.from({ length: 5000 }, (_, index) => deriveId('client', index));
    const long = {
      ...plan,
      children: clients.map((clientId) => ({ clientId, operationId: deriveId(operationId, clientId) })),
      skipped: clients.map((clientId) => ({ clientId, code: 'image_in_use', reason: 'r'.repeat(400) })),
    };
    const act: Step<Scene>['act'] = async (_, io) => io.plan(long);
    const steps = withStep('b', { probe: async () => false, act, verify: async () => {} });
    expect(await live(store, world, new Life(), { steps })).toEqual({ status: 'ok' });
    const planned = (await eventsOf(store)).filter(({ type }) => type === 'OperationChildrenPlanned');
    expect(planned.length).toBeGreaterThan(1);
    expect(Math.max(...planned.map(({ data }) => JSON.stringify(data).length))).toBeLessThan(1_000_000);
    expect(plannedChildrenIn(planned)).toEqual(long);
    expect(plannedChildrenIn(planned.slice(0, -1))).toBeNull();
    expect(plannedChildrenIn([...planned.slice(0, 3), ...planned])).toEqual(long);
  });

  test('sees a cancel while it works', async () => {
    const { store, world } = await acceptedOperation();
    const seen: boolean[] = [];
    const act: Step<Scene>['act'] = async (_, { isCancelRequested }) => {
      seen.push(await isCancelRequested());
      await requestCancel(store, { operationId, cause });
      seen.push(await isCancelRequested());
    };
    await live(store, world, new Life(), { steps: only({ act }) });
    expect(seen).toEqual([false, true]);
  });

  test('may see its workers die more often, and is not taken back when it is completed', async () => {
    const { store, world } = await acceptedOperation();
    let deaths = 0;
    const steps = withStep('c', { runsOperations: true });
    const observer: OperationObserver = ({ step, phase }) => {
      if (step !== 'c' || phase !== 'started' || deaths === 10) return;
      deaths += 1;
      throw new Error('killed');
    };
    world.failures.set('verify e', { left: 1, kind: 'final' });
    let end: unknown = null;
    while (end === null) end = await live(store, world, new Life(), { steps, observer }).catch(() => null);
    expect(deaths).toBe(10);
    expect(end).toMatchObject({ status: 'error', cause: { code: 'broken', step: 'e' } });
    expect([...world.present]).toEqual(['c']);
  });

  test('that is cancelled or fails is given the chance to bring them to their ends', async () => {
    const { store, world } = await acceptedOperation();
    const act = async () => Promise.reject(new StepFailure('final', 'broken', message`broken`));
    const steps = withStep('c', { runsOperations: true, act });
    expect(await live(store, world, new Life(), { steps })).toMatchObject({ status: 'error' });
    expect(stepsOf(await eventsOf(store), 'OperationStepCompensated')).toEqual(['c', 'b', 'a']);
  });

  test('that can go on neither way ends the run and not the operation', async () => {
    const { store, world } = await acceptedOperation();
    const act = async () => Promise.reject(new OperationSuspended('later'));
    await expect(live(store, world, new Life(), { steps: only({ act }) })).rejects.toThrow('later');
    expect(await live(store, world, new Life())).toEqual({ status: 'ok' });
  });
});

test('a step that was cut off and goes on telling of its transfer is not heard during later ones', async () => {
  const { store, world } = await acceptedOperation();
  const now = performance.now.bind(performance);
  let aheadMs = 0;
  const clock = jest.spyOn(performance, 'now').mockImplementation(() => now() + aheadMs);
  let bytes = 0;
  let tell = () => {};
  const act: Step<Scene>['act'] = async (_, { transfer }) => {
    tell = () => transfer({ what: 'storage', bytes: (bytes += 1), totalBytes: null });
    tell();
    throw new StepFailure('final', 'broken', message`broken`);
  };
  const compensate = async () => {
    aheadMs += 5000;
    tell();
  };
  await live(store, world, new Life(), { steps: only({ act, compensate }) });
  clock.mockRestore();
  expect([bytes, stepsOf(await eventsOf(store), 'OperationOutputWritten')]).toEqual([2, []]);
});
