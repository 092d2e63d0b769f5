import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query';
import { createApp, effectScope, watch } from 'vue';

beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] }));
afterEach(() => void jest.useRealTimers());

test('where the feed refuses the credentials, nothing of it is left for the next session', async () => {
  const opened: string[] = [];
  Object.assign(globalThis, {
    window: globalThis,
    sessionStorage: { getItem: () => null, setItem: () => undefined, removeItem: () => undefined },
    localStorage: { getItem: () => null, setItem: () => undefined },
    document: {
      visibilityState: 'visible',
      documentElement: {},
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
    },
    fetch: async (address: string) => {
      opened.push(address);
      const errors = [{ code: 'credentials_required', title: 'Credentials are required' }];
      return Response.json({ errors }, { status: 401 });
    },
  });
  const { isSignedIn, keepCredentials } = await import('../api/session.ts');
  const { watchFreshness } = await import('./freshness.ts');
  keepCredentials({ login: 'admin', password: 'old' });
  const shell = effectScope();
  // As the page does, whose shell goes with the session.
  watch(isSignedIn, (isIn) => isIn || shell.stop());
  const app = createApp({}).use(VueQueryPlugin, { queryClient: new QueryClient() });
  app.runWithContext(() => shell.run(() => watchFreshness()));
  await jest.advanceTimersByTimeAsync(100);
  expect([isSignedIn.value, opened.length]).toEqual([false, 1]);
  keepCredentials({ login: 'admin', password: 'new' });
  await jest.advanceTimersByTimeAsync(60_000);
  expect(opened).toHaveLength(1);
});
