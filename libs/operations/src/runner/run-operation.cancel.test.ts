import { message } from '@alfa-cloud/contracts';
import { sleep } from '@alfa-cloud/service-kit';
import { describe, expect, test } from '@jest/globals';
import { isCutOff, StepFailure, type OperationObserver, type Step } from '../operation/operation.ts';
import {
  acceptedOperation,
  cause,
  eventsOf,
  Life,
  live,
  only,
  operationId,
  serverId,
  stepsOf,
  type Scene,
} from './operation-rig.ts';
import { requestCancel } from '../commands/request-cancel.ts';

describe('a cancel request', () => {
  test('during a long pause is honoured long before it ends', async () => {
    const { store, world } = await acceptedOperation();
    const act = async () => Promise.reject(new StepFailure('transient', 'down', message`Docker is down`));
    const observer: OperationObserver = async ({ phase }) => {
      if (phase === 'failed') await requestCancel(store, { operationId, cause });
    };
    const end = await live(store, world, new Life(), {
      observer,
      steps: only({ act, firstRetryMs: 30_000 }),
    });
    expect(end).toEqual({ status: 'cancelled', leftovers: [] });
  });

  test('just before a step begins stops this one', async () => {
    const { store, world } = await acceptedOperation();
    const observer: OperationObserver = async ({ step, phase }) => {
      if (step === 'b' && phase === 'completed') await requestCancel(store, { operationId, cause });
    };
    expect(await live(store, world, new Life(), { observer })).toEqual({
      status: 'cancelled',
      leftovers: [],
    });
    expect(stepsOf(await eventsOf(store), 'OperationStepStarted')).toEqual(['a', 'b']);
  });

  test('before the first step leaves everything undone', async () => {
    const { store, world } = await acceptedOperation();
    await requestCancel(store, { operationId, cause });
    expect(await live(store, world, new Life())).toEqual({ status: 'cancelled', leftovers: [] });
    expect(world.journal).toEqual([]);
  });

  const whileAtWork = (change: Partial<Step<Scene>>) => {
    const story: string[] = [];
    const act: Step<Scene>['act'] = async (_, { signal }) => {
      await sleep(300, signal).catch((error: unknown) => story.push(String(error)));
      story.push(isCutOff(signal) ? 'ended' : 'done');
    };
    const compensate = async () => void story.push('taken back');
    const run = async () => {
      const { store, world } = await acceptedOperation();
      const observer: OperationObserver = async ({ phase }) => {
        if (phase === 'started') await requestCancel(store, { operationId, cause });
      };
      const end = await live(store, world, new Life(), {
        observer,
        pacing: { workingLookMs: 5, cutOffMs: 5000 },
        steps: only({ act, compensate, ...change }),
      });
      return { end, events: await eventsOf(store) };
    };
    return { story, run };
  };

  test('ends the work of a step that may be cut off, lets it wind up, and takes it back', async () => {
    const { story, run } = whileAtWork({ cancellable: true });
    const { end, events } = await run();
    expect(end).toEqual({ status: 'cancelled', leftovers: [] });
    expect(story).toEqual([
      'StepCancelled: Step a was cut off, as the operation is cancelled',
      'ended',
      'taken back',
    ]);
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'OperationStepFailed',
        data: expect.objectContaining({ step: 'a', code: 'cancelled', retryInMs: null }),
      }),
    );
  });

  test('waits for the end of any other step', async () => {
    const { story, run } = whileAtWork({});
    expect((await run()).end).toMatchObject({ status: 'ok' });
    expect(story).toEqual(['done']);
  });

  test('comes too late for a step that may be cut off but has no way back', async () => {
    const { story, run } = whileAtWork({ cancellable: true, pointOfNoReturn: true });
    expect((await run()).end).toEqual({ status: 'ok' });
    expect(story).toEqual(['done']);
  });

  test('does not cut off what is being taken back', async () => {
    const { store, world } = await acceptedOperation();
    const act = async () => Promise.reject(new StepFailure('final', 'broken', message`broken`));
    const story: string[] = [];
    const compensate: Step<Scene>['compensate'] = async (_, { signal }) => {
      await sleep(100, signal);
      story.push('taken back');
    };
    const observer: OperationObserver = async ({ phase }) => {
      if (phase === 'compensating') await requestCancel(store, { operationId, cause });
    };
    const end = await live(store, world, new Life(), {
      observer,
      pacing: { workingLookMs: 5 },
      steps: only({ act, compensate, cancellable: true }),
    });
    expect([end.status, story]).toEqual(['error', ['taken back']]);
  });

  test('that a crash follows is heeded by the next worker, which takes back what was cut off', async () => {
    const { store, world } = await acceptedOperation();
    const taken: string[] = [];
    const steps = only({
      cancellable: true,
      compensateWhen: 'unfinished',
      act: (_, { signal }) => sleep(60_000, signal),
      compensate: async () => void taken.push('a'),
    });
    const deadly: OperationObserver = async ({ phase }) => {
      if (phase !== 'started') return;
      await requestCancel(store, { operationId, cause });
      throw new Error('killed');
    };
    await expect(live(store, world, new Life(), { steps, observer: deadly })).rejects.toThrow('killed');
    expect(await live(store, world, new Life(), { steps })).toEqual({ status: 'cancelled', leftovers: [] });
    expect(taken).toEqual(['a']);
  });

  test('has one effect however often it comes, and none on what does not exist or has ended', async () => {
    const { store, world } = await acceptedOperation();
    const first = await requestCancel(store, { operationId, cause });
    expect(await requestCancel(store, { operationId, cause: { ...cause, commandId: 'other' } })).toEqual(
      first,
    );
    await live(store, world, new Life());
    const late = requestCancel(store, { operationId, cause: { ...cause, commandId: 'late' } });
    await expect(late).rejects.toMatchObject({ faults: [{ code: 'operation_finished' }] });
    const unknown = requestCancel(store, { operationId: serverId, cause });
    await expect(unknown).rejects.toMatchObject({ faults: [{ code: 'not_found' }] });
  });
});
