import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { effectScope } from 'vue';

beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] }));
afterEach(() => void jest.useRealTimers());

/** A page whose visibility is set by the test. */
const page = (visibilityState: 'visible' | 'hidden') => {
  const heard = new Set<() => void>();
  const document = {
    visibilityState,
    documentElement: {},
    addEventListener: (_name: string, on: () => void) => void heard.add(on),
    removeEventListener: (_name: string, on: () => void) => void heard.delete(on),
  };
  const storage = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
  Object.assign(globalThis, { window: globalThis, sessionStorage: storage, localStorage: storage, document });
  return (state: 'visible' | 'hidden') => {
    document.visibilityState = state;
    for (const on of heard) on();
  };
};

/** A log with one line for each time that it is followed; `opened` tells from where it was, and whether it still is. */
const followed = async (refusals: { status: number; code: string }[] = []) => {
  const { AlfaError } = await import('@alfa-cloud/client');
  const { useLogLines } = await import('./log-lines.ts');
  const opened: { after?: string; signal: AbortSignal }[] = [];
  const scope = effectScope();
  const log = scope.run(() =>
    useLogLines(
      'c1',
      async function* (_client, _id, from) {
        opened.push(from);
        const refusal = refusals.shift();
        if (refusal !== undefined) throw Object.assign(Object.create(AlfaError.prototype), refusal);
        yield { name: 'line', cursor: String(Number(from.after ?? 0) + 1) };
        // As of something that has no place in the log.
        yield { name: 'open', cursor: '' };
        await new Promise((resolve) => from.signal.addEventListener('abort', resolve));
      },
      ({ name, cursor }) =>
        name === 'line' ? [{ id: cursor, at: '', text: cursor, level: 'output' as const }] : [],
    ),
  );
  return {
    opened,
    shown: () => log?.lines.value.map(({ text }) => text),
    state: () => log?.state.value,
    stop: () => scope.stop(),
  };
};

test('a page that is hidden for a minute lets a log go, and goes on behind what came last once it is shown', async () => {
  const turn = page('visible');
  const { opened, shown, stop } = await followed();
  await jest.advanceTimersByTimeAsync(200);
  turn('hidden');
  await jest.advanceTimersByTimeAsync(50_000);
  turn('visible');
  turn('hidden');
  await jest.advanceTimersByTimeAsync(50_000);
  expect(opened.map(({ signal }) => signal.aborted)).toEqual([false]);
  await jest.advanceTimersByTimeAsync(11_000);
  expect(opened.map(({ signal }) => signal.aborted)).toEqual([true]);
  turn('visible');
  await jest.advanceTimersByTimeAsync(200);
  expect(opened.map(({ after }) => after)).toEqual([undefined, '1']);
  expect(shown()).toEqual(['1', '2']);
  stop();
  expect(opened.map(({ signal }) => signal.aborted)).toEqual([true, true]);
});

test('a tab that is opened in the background follows a log once it is shown', async () => {
  const turn = page('hidden');
  const { opened, shown, stop } = await followed();
  await jest.advanceTimersByTimeAsync(200);
  expect(opened.length).toBe(0);
  turn('visible');
  await jest.advanceTimersByTimeAsync(200);
  expect(opened.map(({ after, signal }) => [after, signal.aborted])).toEqual([[undefined, false]]);
  expect(shown()).toEqual(['1']);
  stop();
});

test('a log that a proxy refuses is asked for again; one that Alfa Cloud refuses is not', async () => {
  page('visible');
  const { opened, shown, state, stop } = await followed([{ status: 401, code: 'not_understood' }]);
  await jest.advanceTimersByTimeAsync(200);
  expect([state(), opened.length]).toEqual(['waiting', 1]);
  await jest.advanceTimersByTimeAsync(30_000);
  expect([state(), opened.length, shown()]).toEqual(['live', 2, ['1']]);
  stop();
  const gone = await followed([{ status: 404, code: 'not_found' }]);
  await jest.advanceTimersByTimeAsync(60_000);
  expect([gone.state(), gone.opened.length]).toEqual(['refused', 1]);
  gone.stop();
});
