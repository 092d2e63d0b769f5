import { message } from '@alfa-cloud/contracts';
import { afterEach, expect, jest, test } from '@jest/globals';
import { CloudServerError } from '@alfa-cloud/cloud-server';
import { createLogger } from '@alfa-cloud/service-kit';
import { createWorkQueue, type WorkQueueOptions } from './work-queue.ts';

interface Item {
  id: string;
  version: number;
}

afterEach(() => void jest.useRealTimers());

const queueOf = (work: WorkQueueOptions<Item>['work'], signal = new AbortController().signal) => {
  const lines: string[] = [];
  const logger = createLogger({
    service: 'test',
    level: 'debug',
    destination: { write: (line) => void lines.push(line) },
  });
  const queue = createWorkQueue<Item>({
    idName: 'serverId',
    failure: 'not done',
    parallel: 1,
    work,
    signal,
    logger,
  });
  return { ...queue, logged: () => lines.map((line) => JSON.parse(line) as object) };
};

test('an item that is added while it is at work is worked on once more, in its newest form', async () => {
  const [begun, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const worked: [number, boolean][] = [];
  const { add } = queueOf(async ({ version }, _signal, isQueuedAgain) => {
    begun.resolve();
    await gate.promise;
    worked.push([version, isQueuedAgain()]);
  });
  const first = add({ id: 'a', version: 1 });
  await begun.promise;
  const later = [2, 3].map((version) => add({ id: 'a', version }));
  gate.resolve();
  expect(await Promise.all([first, ...later])).toEqual([true, true, true]);
  expect(worked).toEqual([
    [1, true],
    [3, false],
  ]);
});

test('an item that is added again while it waits for room is worked on once', async () => {
  const gate = Promise.withResolvers<void>();
  const worked: string[] = [];
  const { add, idle } = queueOf(async ({ id, version }) => {
    if (id === 'a') await gate.promise;
    worked.push(`${id}${version}`);
  });
  void add({ id: 'a', version: 1 });
  void add({ id: 'b', version: 1 });
  void add({ id: 'b', version: 2 });
  gate.resolve();
  await idle();
  expect(worked).toEqual(['a1', 'b2']);
});

test('a failure is logged and answered; that a server is away is no news', async () => {
  const away = new CloudServerError('transient', 'docker_unreachable', message`away`);
  const { add, logged } = queueOf(async ({ id }) => {
    throw id === 'a' ? away : new Error('ill');
  });
  expect([await add({ id: 'a', version: 1 }), await add({ id: 'b', version: 1 })]).toEqual([false, false]);
  expect(logged()).toMatchObject([
    { level: 'debug', serverId: 'a', reason: 'away', msg: 'not done' },
    { level: 'warn', serverId: 'b', reason: 'ill', msg: 'not done' },
  ]);
});

test('work that never ends gives up its place', async () => {
  jest.useFakeTimers();
  const { add, logged } = queueOf(({ id }) =>
    id === 'a' ? new Promise(() => undefined) : Promise.resolve(),
  );
  const first = add({ id: 'a', version: 1 });
  const second = add({ id: 'b', version: 1 });
  await jest.advanceTimersByTimeAsync(600_000);
  expect([await first, await second]).toEqual([false, true]);
  expect(logged()).toMatchObject([{ serverId: 'a', reason: 'Work on a did not finish within 600000 ms' }]);
});

test('the end waits for what is being put back, and begins nothing more', async () => {
  const stopped = new AbortController();
  const gate = Promise.withResolvers<void>();
  const worked: string[] = [];
  const { add, idle, logged } = queueOf(async ({ id }) => {
    await gate.promise;
    worked.push(id);
  }, stopped.signal);
  const both = [add({ id: 'a', version: 1 }), add({ id: 'b', version: 1 })];
  await new Promise((resolve) => setImmediate(resolve));
  stopped.abort(new Error('The service stops'));
  const end = idle().then(() => worked.push('end'));
  await new Promise((resolve) => setImmediate(resolve));
  gate.resolve();
  await end;
  expect(worked).toEqual(['a', 'end']);
  expect([await Promise.all(both), logged()]).toEqual([[false, false], []]);
});
