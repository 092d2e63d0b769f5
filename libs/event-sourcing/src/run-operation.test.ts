import { streams } from '@alfa-cloud/contracts';
import { sleep } from '@alfa-cloud/service-kit';
import { describe, expect, test } from '@jest/globals';
import { EventStoreUnavailable, type EventStore } from './event-store.ts';
import { StepFailure, type OperationObserver, type Step } from './operation.ts';
import {
  acceptedOperation,
  cause,
  definition,
  eventsOf,
  Life,
  live,
  operationId,
  quick,
  serverId,
  silent,
  stepNames,
  stepsOf,
  type Scene,
} from './operation-rig.ts';
import { requestCancel } from './request-cancel.ts';
import { runOperation } from './run-operation.ts';

const only = (step: Partial<Step<Scene>>): Step<Scene>[] => [
  { name: 'a', deadlineMs: 5000, firstRetryMs: 1, act: async () => undefined, ...step },
];

const typesOf = async (store: EventStore): Promise<string[]> =>
  (await eventsOf(store)).map(({ type }) => type.replace('Operation', ''));

describe('the story of an operation', () => {
  test('that goes well', async () => {
    const { store, world } = await acceptedOperation();
    expect(await live(store, world, new Life())).toEqual({ status: 'ok' });
    expect(await typesOf(store)).toEqual([
      'Accepted',
      'Claimed',
      ...stepNames.flatMap(() => ['StepStarted', 'OutputWritten', 'StepCompleted']),
      'Succeeded',
    ]);
    const events = await eventsOf(store);
    expect(events.at(-1)?.data).toEqual({ operationId, result: { server: serverId } });
    expect(events[4]?.data).toMatchObject({ step: 'a', attempt: 1, outcome: 'done', detail: 'a is there' });
  });

  test('whose step fails for good is taken back in reverse, the failed step first', async () => {
    const { store, world } = await acceptedOperation();
    world.failures.set('verify c', { left: 1, kind: 'final' });
    const failure = { code: 'broken', reason: 'verify c is broken', step: 'c' };
    expect(await live(store, world, new Life())).toEqual({ status: 'error', cause: failure, leftovers: [] });
    const events = await eventsOf(store);
    expect(stepsOf(events, 'OperationStepCompensated')).toEqual(['c', 'b', 'a']);
    expect(world.journal).toEqual(['+a', '+b', '+c', '-c', '-b', '-a']);
    const { events: aggregate } = await store.read(streams.server(serverId));
    expect(aggregate.map(({ data }) => data)).toMatchObject([
      { code: 'broken', reason: 'verify c is broken' },
    ]);
  });

  test('names what could not be taken back, and takes back the rest', async () => {
    const { store, world } = await acceptedOperation();
    world.failures.set('verify c', { left: 1, kind: 'final' });
    world.failures.set('undo b', { left: 1000, kind: 'transient' });
    expect(await live(store, world, new Life())).toMatchObject({ status: 'error', leftovers: ['b'] });
    expect([...world.present]).toEqual(['b']);
    const failed = (await eventsOf(store)).flatMap((event) =>
      event.type === 'OperationStepCompensationFailed' ? [event.data] : [],
    );
    expect(failed.map(({ attempt, retryInMs }) => [attempt, retryInMs])).toEqual([
      [1, 1],
      [2, 2],
      [3, 4],
      [4, 8],
      [5, null],
    ]);
  });

  test('leaves alone what stood before its first attempt', async () => {
    const { store, world } = await acceptedOperation();
    world.make('b');
    world.failures.set('d', { left: 1000, kind: 'final' });
    expect(await live(store, world, new Life())).toMatchObject({ status: 'error', leftovers: [] });
    expect([...world.present]).toEqual(['b']);
  });

  test('skips what is not needed, and never takes it back', async () => {
    const { store, world } = await acceptedOperation();
    const steps = definition.steps.map((step) => (step.name === 'b' ? { ...step, skip: () => true } : step));
    world.failures.set('d', { left: 1000, kind: 'final' });
    await live(store, world, new Life(), { steps });
    const events = await eventsOf(store);
    expect(stepsOf(events, 'OperationStepStarted')).not.toContain('b');
    expect(stepsOf(events, 'OperationStepCompensated')).toEqual(['d', 'c', 'a']);
  });
});

describe('failures of a step', () => {
  test('that pass are tried again with growing pauses, the number of attempts bounded', async () => {
    const { store, world } = await acceptedOperation();
    world.failures.set('a', { left: 1000, kind: 'transient' });
    expect(await live(store, world, new Life())).toMatchObject({ status: 'error', cause: { step: 'a' } });
    const pauses = (await eventsOf(store)).flatMap((event) =>
      event.type === 'OperationStepFailed' ? [event.data.retryInMs] : [],
    );
    expect(pauses).toEqual([1, 2, 4, 8, null]);
  });

  test.each([
    [
      'an error of an unknown kind',
      async () => Promise.reject(new TypeError('x is undefined')),
      'unexpected',
    ],
    ['an act that ignores its deadline', () => new Promise<void>(() => undefined), 'deadline_exceeded'],
  ])('%s is final', async (_name, act, code) => {
    const { store, world } = await acceptedOperation();
    const steps = only({ act, deadlineMs: 20 });
    expect(await live(store, world, new Life(), { steps })).toMatchObject({
      status: 'error',
      cause: { code, step: 'a' },
    });
  });

  test('are told without secrets', async () => {
    const { store, world } = await acceptedOperation();
    const act = async () => Promise.reject(new StepFailure('final', 'denied', 'password hunter2 refused'));
    const redact = (text: string) => text.replaceAll('hunter2', '[redacted]');
    const end = await live(store, world, new Life(), { steps: only({ act }), redact });
    expect(end).toMatchObject({ cause: { reason: 'password [redacted] refused' } });
    expect(JSON.stringify(store.all(), (_, value: unknown) => String(value))).not.toContain('hunter2');
  });

  test('that kill every worker end the operation, cleaned up', async () => {
    const { store, world } = await acceptedOperation();
    const deadly: OperationObserver = ({ step, phase }) => {
      if (step === 'c' && phase === 'started') throw new Error('killed');
    };
    const lives = Array.from(
      { length: 10 },
      () => () => live(store, world, new Life(), { observer: deadly }),
    );
    const outcomes: unknown[] = [];
    for (const next of lives) outcomes.push(await next().catch((error: unknown) => error));
    expect(outcomes.slice(0, 6)).toEqual(Array.from({ length: 6 }, () => new Error('killed')));
    expect(outcomes.slice(6)).toEqual(
      Array.from({ length: 4 }, () => expect.objectContaining({ status: 'error', leftovers: [] })),
    );
    expect(outcomes[6]).toMatchObject({ cause: { code: 'no_progress', step: 'c' } });
    expect([...world.present]).toEqual([]);
  });

  test('of a deadly compensation become a leftover', async () => {
    const { store, world } = await acceptedOperation();
    world.failures.set('c', { left: 1, kind: 'final' });
    const observer: OperationObserver = ({ step, phase }) => {
      if (step === 'b' && phase === 'compensating') throw new Error('killed');
    };
    let end: unknown = null;
    for (let lives = 0; end === null && lives < 10; lives += 1) {
      end = await live(store, world, new Life(), { observer }).catch(() => null);
    }
    expect(end).toMatchObject({ status: 'error', cause: { code: 'broken' }, leftovers: ['b'] });
    expect([...world.present]).toEqual(['b']);
  });

  test('of a deadly conclusion end the operation without it and take nothing back', async () => {
    const { store, world } = await acceptedOperation();
    const observer: OperationObserver = ({ phase }) => {
      if (phase === 'concluded') throw new Error('killed');
    };
    let end: unknown = null;
    for (let lives = 0; end === null && lives < 10; lives += 1) {
      end = await live(store, world, new Life(), { observer }).catch(() => null);
    }
    expect(end).toMatchObject({ status: 'error', cause: { code: 'no_progress' } });
    expect([...world.present]).toEqual(stepNames);
  });
});

describe('a conclusion', () => {
  const run = (store: EventStore, conclude: () => Promise<Record<string, unknown>>) =>
    runOperation<null>({
      store,
      definition: { kind: 'server.prepare', steps: [], conclude },
      operationId,
      context: null,
      cause,
      worker: 'w',
      signal: new AbortController().signal,
      logger: silent,
      pacing: quick,
    });

  test('that fails now and then is tried again', async () => {
    const { store } = await acceptedOperation();
    let left = 2;
    const end = await run(store, async () => {
      left -= 1;
      if (left >= 0) throw new Error('not now');
      return {};
    });
    expect(end).toEqual({ status: 'ok' });
  });

  test('that goes on failing is left to a later worker', async () => {
    const { store } = await acceptedOperation();
    let tries = 0;
    const broken = run(store, async () => {
      tries += 1;
      throw new Error('broken');
    });
    await expect(broken).rejects.toThrow('broken');
    expect(tries).toBe(3);
    expect((await typesOf(store)).at(-1)).toBe('Claimed');
  });
});

describe('a cancel request', () => {
  test('during a long pause is honoured long before it ends', async () => {
    const { store, world } = await acceptedOperation();
    const act = async () => Promise.reject(new StepFailure('transient', 'down', 'Docker is down'));
    const observer: OperationObserver = async ({ phase }) => {
      if (phase === 'failed') await requestCancel(store, { operationId, cause });
    };
    const end = await live(store, world, new Life(), {
      observer,
      steps: only({ act, firstRetryMs: 30_000 }),
    });
    expect(end).toEqual({ status: 'cancelled', leftovers: [] });
  });

  test('before the first step leaves everything undone', async () => {
    const { store, world } = await acceptedOperation();
    await requestCancel(store, { operationId, cause });
    expect(await live(store, world, new Life())).toEqual({ status: 'cancelled', leftovers: [] });
    expect(world.journal).toEqual([]);
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

describe('the event store', () => {
  test('away for too long ends the run and not the operation', async () => {
    const { store, world } = await acceptedOperation();
    const observer: OperationObserver = ({ step, phase }) => {
      if (step === 'c' && phase === 'acted') store.failNextAppend('after', new EventStoreUnavailable('gone'));
    };
    const away = live(store, world, new Life(), { observer });
    await expect(away).rejects.toMatchObject({ name: 'EventStoreUnavailable' });
    expect(await live(store, world, new Life())).toEqual({ status: 'ok' });
    expect(world.journal).toEqual(stepNames.map((name) => `+${name}`));
  });

  test('away for a step that writes by itself is no failure of the step', async () => {
    const { store, world } = await acceptedOperation();
    const act = async () => Promise.reject(new EventStoreUnavailable('gone'));
    await expect(live(store, world, new Life(), { steps: only({ act }) })).rejects.toMatchObject({
      name: 'EventStoreUnavailable',
    });
    expect(await typesOf(store)).toEqual(['Accepted', 'Claimed', 'StepStarted']);
  });
});

test('an operation that has ended answers its end and is left alone', async () => {
  const { store, world } = await acceptedOperation();
  await live(store, world, new Life());
  const before = store.all().length;
  expect(await live(store, world, new Life())).toEqual({ status: 'ok' });
  expect(store.all()).toHaveLength(before);
});
