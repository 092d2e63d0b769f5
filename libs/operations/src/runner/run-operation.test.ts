import { inspect } from 'node:util';
import { message, streams } from '@alfa-cloud/contracts';
import { sleep } from '@alfa-cloud/service-kit';
import { describe, expect, test } from '@jest/globals';
import { EventStoreUnavailable, type EventStore } from '@alfa-cloud/event-sourcing';
import { StepFailure, type OperationObserver, type Step } from '../operation/operation.ts';
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

  const attemptsOf = async (store: EventStore): Promise<string[]> =>
    (await eventsOf(store)).flatMap(({ type, data }) =>
      type === 'OperationStepCompensationFailed' ? [`${data.step}${data.attempt}`] : [],
    );

  test('waits in full once for what keeps it from taking back, and tries each further step once', async () => {
    const { store, world } = await acceptedOperation();
    world.failures.set('verify d', { left: 1, kind: 'final', code: 'no' });
    for (const name of ['c', 'b']) world.failures.set(`undo ${name}`, { left: 1000, kind: 'transient' });
    expect(await live(store, world, new Life())).toMatchObject({ status: 'error', leftovers: ['c', 'b'] });
    expect(await attemptsOf(store)).toEqual(['c1', 'c2', 'c3', 'c4', 'c5', 'b1']);
    expect([...world.present].toSorted()).toEqual(['b', 'c']);
  });

  test('waits in full again once a step could be taken back, and for what it has not waited for yet', async () => {
    const { store, world } = await acceptedOperation();
    world.failures.set('verify e', { left: 1, kind: 'final' });
    world.failures.set('undo e', { left: 1000, kind: 'transient' });
    world.failures.set('undo c', { left: 3, kind: 'transient' });
    expect(await live(store, world, new Life())).toMatchObject({ status: 'error', leftovers: ['e'] });
    expect(await attemptsOf(store)).toEqual(['e1', 'e2', 'e3', 'e4', 'e5', 'c1', 'c2', 'c3']);
    const other = await acceptedOperation();
    other.world.failures.set('verify e', { left: 1, kind: 'final' });
    other.world.failures.set('undo e', { left: 1000, kind: 'transient', code: 'other' });
    other.world.failures.set('undo d', { left: 2, kind: 'transient' });
    expect(await live(other.store, other.world, new Life())).toMatchObject({ leftovers: ['e'] });
    expect(await attemptsOf(other.store)).toEqual(['e1', 'e2', 'e3', 'e4', 'e5', 'd1', 'd2']);
  });

  test('leaves alone what stood before its first attempt', async () => {
    const { store, world } = await acceptedOperation();
    world.make('b');
    world.failures.set('d', { left: 1000, kind: 'final' });
    expect(await live(store, world, new Life())).toMatchObject({ status: 'error', leftovers: [] });
    expect([...world.present]).toEqual(['b']);
  });

  test('does not take back a completed step that leaves nothing then', async () => {
    const { store, world } = await acceptedOperation();
    const steps = definition.steps.map((step) => ({ ...step, compensateWhen: 'unfinished' as const }));
    world.failures.set('verify c', { left: 1, kind: 'final' });
    await live(store, world, new Life(), { steps });
    expect(stepsOf(await eventsOf(store), 'OperationStepCompensated')).toEqual(['c']);
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

  test('are what the error of a port says that they are', async () => {
    const { store, world } = await acceptedOperation();
    const cut = Object.assign(new Error('cut'), { kind: 'transient', code: 'server_unreachable' });
    const full = Object.assign(new Error('full'), { kind: 'final', code: 'disk_full' });
    const errors = [cut, full];
    const act = async () => Promise.reject(errors.shift());
    expect(await live(store, world, new Life(), { steps: only({ act }) })).toMatchObject({
      status: 'error',
      cause: { code: 'disk_full', step: 'a' },
    });
    expect((await eventsOf(store)).filter(({ type }) => type === 'OperationStepFailed')).toHaveLength(2);
  });

  test('by the deadline are dealt with when the act has come to its end', async () => {
    const { store, world } = await acceptedOperation();
    const story: string[] = [];
    const act: Step<Scene>['act'] = async (_, { signal }) => {
      await sleep(60_000, signal).catch(() => undefined);
      await new Promise((resolve) => setImmediate(resolve));
      story.push('act ended');
    };
    const compensate = async () => {
      story.push('taken back');
    };
    await live(store, world, new Life(), { steps: only({ act, compensate, deadlineMs: 10 }) });
    expect(story).toEqual(['act ended', 'taken back']);
  });

  test('are told without secrets', async () => {
    const { store, world } = await acceptedOperation();
    const act = async () =>
      Promise.reject(new StepFailure('final', 'denied', message`password ${'hunter2'} refused`));
    const redact = (text: string) => text.replaceAll('hunter2', '[redacted]');
    const end = await live(store, world, new Life(), { steps: only({ act }), redact });
    expect(end).toMatchObject({ cause: { reason: 'password [redacted] refused' } });
    expect(inspect(store.all(), { depth: null })).not.toContain('hunter2');
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

  test('by crashes do not use up the attempts of a step', async () => {
    const { store, world } = await acceptedOperation();
    world.failures.set('a', { left: 1, kind: 'transient' });
    const steps = only({ attempts: 2, act: async () => world.failIfDue('a') });
    const deadly: OperationObserver = ({ phase }) => {
      if (phase === 'started') throw new Error('killed');
    };
    for (let lives = 0; lives < 3; lives += 1) {
      await expect(live(store, world, new Life(), { steps, observer: deadly })).rejects.toThrow('killed');
    }
    expect(await live(store, world, new Life(), { steps })).toEqual({ status: 'ok' });
  });

  test.each([
    [
      'of a deadly conclusion end the operation without it and take nothing back',
      0,
      'no_progress',
      stepNames,
    ],
    ['of a deadly conclusion after compensation too', 1000, 'broken', []],
  ])('%s', async (_name, failures, code, left) => {
    const { store, world } = await acceptedOperation();
    world.failures.set('c', { left: failures, kind: 'final' });
    const observer: OperationObserver = ({ phase }) => {
      if (phase === 'concluded') throw new Error('killed');
    };
    let end: unknown = null;
    for (let lives = 0; end === null && lives < 10; lives += 1) {
      end = await live(store, world, new Life(), { observer }).catch(() => null);
    }
    expect(end).toMatchObject({ status: 'error', cause: { code } });
    expect([...world.present]).toEqual(left);
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

  test('that does not take the output stops the step at once', async () => {
    const { store, world } = await acceptedOperation();
    const act: Step<Scene>['act'] = async (_, { output, signal }) => {
      store.failNextAppend('before', new EventStoreUnavailable('gone'));
      output('lost\n');
      await sleep(60_000, signal);
    };
    const steps = only({ act, deadlineMs: 60_000 });
    await expect(live(store, world, new Life(), { steps })).rejects.toMatchObject({
      name: 'EventStoreUnavailable',
    });
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
