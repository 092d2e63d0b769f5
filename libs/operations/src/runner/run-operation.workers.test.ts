import { streams } from '@alfa-cloud/contracts';
import { sleep } from '@alfa-cloud/service-kit';
import { describe, expect, test } from '@jest/globals';
import type { OperationObserver, Step } from '../operation/operation.ts';
import {
  acceptedOperation,
  cause,
  definition,
  eventsOf,
  Life,
  live,
  only,
  operationId,
  quick,
  serverId,
  silent,
  stepNames,
  stepsOf,
  typesOf,
  type Scene,
} from './operation-rig.ts';
import { runOperation } from './run-operation.ts';

describe('two workers', () => {
  test('at any point of the first one, the second takes over and the first one stops', async () => {
    for (let at = 1, handedOver = true; handedOver; at += 1) {
      const { store, world } = await acceptedOperation();
      handedOver = false;
      const first = new Life(at, async () => {
        handedOver = true;
        expect(await live(store, world, new Life(), { worker: 'second' })).toEqual({ status: 'ok' });
      });
      const outcome = await live(store, world, first, { worker: 'first' }).catch((error: unknown) => error);
      const ended = await eventsOf(store);
      expect(ended.filter(({ type }) => type === 'OperationSucceeded')).toHaveLength(1);
      expect(ended.at(-1)?.type).toBe('OperationSucceeded');
      expect(stepsOf(ended, 'OperationStepCompleted')).toEqual(stepNames);
      expect([...world.present].toSorted()).toEqual(stepNames);
      const answered = ['OperationLost', undefined].includes((outcome as Error).name);
      expect({ at, answered }).toEqual({ at, answered: true });
    }
  });

  test('that begin at the same moment: one wins, with one claim after the other', async () => {
    const { store, world } = await acceptedOperation();
    const outcomes = await Promise.allSettled(
      ['v', 'w'].map((worker) => live(store, world, new Life(), { worker })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const lost = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(lost?.reason).toMatchObject({ name: 'OperationLost' });
    expect(world.journal).toEqual(stepNames.map((name) => `+${name}`));
  });

  test('at any point after the first one has begun, the claim of the second is enough to stop it', async () => {
    for (let at = 2, claimed = true; claimed; at += 1) {
      const { store, world } = await acceptedOperation();
      claimed = false;
      const firstEnded = Promise.withResolvers<void>();
      let second: Promise<unknown> = Promise.resolve();
      const first = new Life(at, async () => {
        const hasClaimed = Promise.withResolvers<void>();
        const observer: OperationObserver = async ({ phase }) => {
          if (phase !== 'claimed') return;
          claimed = true;
          hasClaimed.resolve();
          await firstEnded.promise;
        };
        second = live(store, world, new Life(), { worker: 'second', observer });
        await Promise.race([hasClaimed.promise, second]);
      });
      const outcome = await live(store, world, first, { worker: 'first' }).catch((error: unknown) => error);
      if (claimed) {
        expect(outcome).toMatchObject({ name: 'OperationLost' });
        expect((await eventsOf(store)).at(-1)).toMatchObject({ data: { worker: 'second' } });
      }
      firstEnded.resolve();
      await second;
      expect(world.journal).toEqual(stepNames.map((name) => `+${name}`));
    }
  });

  test('a claim gets through while the former owner is still writing', async () => {
    const { store, world } = await acceptedOperation();
    const atClaim = 2;
    const second = new Life(atClaim, async () => {
      const data = { operationId, step: 'a', text: 'still here\n' };
      const output = { id: serverId, event: { type: 'OperationOutputWritten' as const, data } };
      await store.append(streams.operation(operationId), [output], { expectedRevision: 0n, cause });
    });
    expect(await live(store, world, second)).toEqual({ status: 'ok' });
    expect((await typesOf(store)).slice(0, 3)).toEqual(['Accepted', 'OutputWritten', 'Claimed']);
  });

  test('a silent step is stopped by its signal when it is taken over', async () => {
    const { store, world } = await acceptedOperation();
    const stopped = Promise.withResolvers<unknown>();
    const begun = Promise.withResolvers<void>();
    const act: Step<Scene>['act'] = async (_, { signal }) => {
      begun.resolve();
      await sleep(60_000, signal).catch(stopped.resolve);
    };
    const first = runOperation<Scene>({
      store,
      definition: { ...definition, steps: only({ act, deadlineMs: 60_000 }) },
      operationId,
      context: { world, life: new Life(), store },
      cause,
      worker: 'first',
      signal: new AbortController().signal,
      logger: silent,
      pacing: { ...quick, workingLookMs: 1 },
    });
    await begun.promise;
    const second = live(store, world, new Life(), { worker: 'second', steps: only({}) });
    await expect(first).rejects.toMatchObject({ name: 'OperationLost' });
    expect(await stopped.promise).toMatchObject({ name: 'OperationLost' });
    expect(await second).toEqual({ status: 'ok' });
  });
});

describe('a worker that has to stop', () => {
  test('interrupts the step, records no failure, and the next one goes on', async () => {
    const { store, world } = await acceptedOperation();
    const stopping = new AbortController();
    const act: Step<Scene>['act'] = async () => {
      stopping.abort();
      await new Promise<void>(() => undefined);
    };
    const interrupted = live(store, world, new Life(), { signal: stopping.signal, steps: only({ act }) });
    await expect(interrupted).rejects.toMatchObject({ name: 'OperationInterrupted' });
    expect(await typesOf(store)).toEqual(['Accepted', 'Claimed', 'StepStarted']);
    expect(await live(store, world, new Life())).toEqual({ status: 'ok' });
  });

  test('begins nothing', async () => {
    const { store, world } = await acceptedOperation();
    const begun = live(store, world, new Life(), { signal: AbortSignal.abort() });
    await expect(begun).rejects.toMatchObject({ name: 'OperationInterrupted' });
    expect(await typesOf(store)).toEqual(['Accepted']);
  });
});
