import { expect, jest, test } from '@jest/globals';
import {
  createHealth,
  createLogger,
  createMetrics,
  DeadlineExceeded,
  KeyedSemaphore,
  readConfig,
  retry,
  Semaphore,
  sleep,
  startOperationsServer,
  withDeadline,
} from './index.ts';

test('configuration names every fault at once and applies defaults', () => {
  const build = (env: Record<string, string>) =>
    readConfig(env, (read) => ({
      url: read.string('URL'),
      port: read.integer('PORT', { default: 8080, min: 1, max: 65_535 }),
      hosts: read.list('HOSTS', ['a']),
      on: read.boolean('ON', true),
    }));
  expect(build({ URL: ' x ', HOSTS: 'b, c,', ON: 'off' })).toEqual({
    url: 'x',
    port: 8080,
    hosts: ['b', 'c'],
    on: false,
  });
  expect(() => build({ PORT: '70000', ON: 'maybe' })).toThrow(
    /URL is required[^]*PORT must be[^]*ON must be/,
  );
});

test('withDeadline gives up on work that ignores its signal, and aborts work that heeds it', async () => {
  await expect(withDeadline(5, 'deaf work', () => new Promise(() => {}))).rejects.toThrow(
    'deaf work did not finish within 5 ms',
  );
  let reason: unknown;
  await expect(
    withDeadline(5, 'work', (signal) =>
      sleep(60_000, signal).catch((error: unknown) => Promise.reject((reason = error))),
    ),
  ).rejects.toThrow('work did not finish');
  expect((reason as Error).name).toBe(new DeadlineExceeded('', 0).name);
});

test('withDeadline passes on the outer signal, also one aborted before', async () => {
  const outer = new AbortController();
  const running = withDeadline(60_000, 'work', (signal) => sleep(60_000, signal), outer.signal);
  outer.abort(new Error('stop'));
  await expect(running).rejects.toThrow('stop');
  await expect(withDeadline(60_000, 'work', () => new Promise(() => {}), outer.signal)).rejects.toThrow(
    'stop',
  );
});

test('retry stops at success, at its attempts and at an error that is not retryable', async () => {
  const act = jest.fn(async (attempt: number) => {
    if (attempt < 3) throw new Error(`no ${attempt}`);
    return attempt;
  });
  const quick = { deadlineMs: 5000, firstDelayMs: 1 };
  expect(await retry(act, quick)).toBe(3);
  await expect(retry(act, { ...quick, attempts: 2 })).rejects.toThrow('no 2');
  await expect(retry(act, { ...quick, isRetryable: () => false })).rejects.toThrow('no 1');
  await expect(retry(act, { deadlineMs: 0 })).rejects.toThrow('no 1');
});

test('a semaphore keeps its limit and order, and lets a waiter leave', async () => {
  const semaphore = new Semaphore(1);
  const order: number[] = [];
  const gate = Promise.withResolvers<void>();
  const first = semaphore.run(() => gate.promise);
  const leaving = new AbortController();
  const left = semaphore.run(async () => order.push(0), leaving.signal);
  const rest = [1, 2].map((number) => semaphore.run(async () => order.push(number)));
  expect(semaphore.waiting).toBe(3);
  leaving.abort(new Error('left'));
  await expect(left).rejects.toThrow('left');
  expect(order).toEqual([]);
  gate.resolve();
  await Promise.all([first, ...rest]);
  expect(order).toEqual([1, 2]);
});

test('a keyed semaphore keeps its limit under each key', async () => {
  const semaphore = new KeyedSemaphore(1);
  const order: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = semaphore.run('a', () => gate.promise);
  const second = semaphore.run('a', async () => order.push('a'));
  await semaphore.run('b', async () => order.push('b'));
  expect(order).toEqual(['b']);
  gate.resolve();
  await Promise.all([first, second]);
  expect(order).toEqual(['b', 'a']);
});

test('a keyed semaphore under several keys runs when it has all, and never waits for another that wants the same', async () => {
  const semaphore = new KeyedSemaphore(1);
  const order: string[] = [];
  const gate = Promise.withResolvers<void>();
  const holding = semaphore.run(['b'], () => gate.promise);
  const crosswise = [
    semaphore.run(['a', 'b'], async () => order.push('ab')),
    semaphore.run(['b', 'a', 'b'], async () => order.push('ba')),
  ];
  await semaphore.run([], async () => order.push('none'));
  expect(order).toEqual(['none']);
  gate.resolve();
  await Promise.all([holding, ...crosswise]);
  expect(order.toSorted()).toEqual(['ab', 'ba', 'none']);
});

test('work that needs no place any more leaves all of them, and leaves none twice', async () => {
  const semaphore = new KeyedSemaphore(1);
  const gate = Promise.withResolvers<void>();
  const first = semaphore.run(['a', 'b'], async (leave) => {
    leave();
    leave();
    await gate.promise;
  });
  const second = Promise.withResolvers<void>();
  const others = [semaphore.run('a', () => second.promise), semaphore.run('b', async () => 'b')];
  expect(await others[1]).toBe('b');
  gate.resolve();
  await first;
  let hasRun = false;
  const third = semaphore.run('a', async () => (hasRun = true));
  await Promise.resolve();
  expect(hasRun).toBe(false);
  second.resolve();
  await Promise.all([others[0], third]);
});

test('the logger redacts by name and writes one JSON line an entry', () => {
  const lines: string[] = [];
  const logger = createLogger({
    service: 'x',
    destination: { write: (line: string) => void lines.push(line) },
  });
  logger.info({ password: 'canary', nested: { privateKey: 'canary' } }, 'hello');
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain('canary');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'info',
    service: 'x',
    msg: 'hello',
    password: '[redacted]',
  });
});

test('health and metrics answer on their own port; a failing part makes 503', async () => {
  const metrics = createMetrics('x');
  metrics.counter('alfa_things_total', 'Things').inc();
  const health = createHealth({
    service: 'x',
    checks: { good: async () => 'fine', bad: async () => Promise.reject(new Error('down')) },
  });
  const server = await startOperationsServer({ host: '127.0.0.1', port: 0, health, metrics });
  try {
    const get = (path: string) => fetch(`http://127.0.0.1:${server.port}${path}`);
    expect((await get('/health/live')).status).toBe(200);
    const ready = await get('/health/ready');
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({
      checks: { good: { status: 'ok', detail: 'fine' }, bad: { status: 'unavailable', detail: 'down' } },
    });
    expect(await (await get('/metrics')).text()).toContain('alfa_things_total{service="x"} 1');
    expect((await get('/else')).status).toBe(404);
  } finally {
    await server.stop();
  }
});
