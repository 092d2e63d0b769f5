import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { effectScope } from 'vue';

beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] }));
afterEach(() => void jest.useRealTimers());

/** A page whose visibility is set by the test. */
const page = () => {
  const heard = new Set<() => void>();
  const document = {
    visibilityState: 'visible',
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

test('a page that is hidden for a minute lets a log go, and goes on behind what came last once it is shown', async () => {
  const turn = page();
  const { useLogLines } = await import('./log-lines.ts');
  const opened: { after?: string; signal: AbortSignal }[] = [];
  const scope = effectScope();
  const log = scope.run(() =>
    useLogLines(
      'c1',
      async function* (_client, _id, from) {
        opened.push(from);
        yield { name: 'line', cursor: String(Number(from.after ?? 0) + 1) };
        // As of something that has no place in the log.
        yield { name: 'open', cursor: '' };
        await new Promise((resolve) => from.signal.addEventListener('abort', resolve));
      },
      ({ name, cursor }) =>
        name === 'line' ? [{ id: cursor, at: '', text: cursor, level: 'output' as const }] : [],
    ),
  );
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
  expect(log?.lines.value.map(({ text }) => text)).toEqual(['1', '2']);
  scope.stop();
  expect(opened.map(({ signal }) => signal.aborted)).toEqual([true, true]);
});
