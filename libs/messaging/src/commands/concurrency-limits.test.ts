import { expect, test } from '@jest/globals';
import { createConcurrencyLimits } from './concurrency-limits.ts';

const handle = async () => {};
const never = new AbortController().signal;

test('each name has its own limit, in order of arrival', async () => {
  const limits = createConcurrencyLimits({
    CreateClient: { handle, concurrency: 1 },
    CancelOperation: { handle },
  });
  const begun: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const work = (name: string) => async () => {
    begun.push(name);
    await promise;
  };
  const all = [
    limits.run('CreateClient', work('create 1'), never),
    limits.run('CreateClient', work('create 2'), never),
    limits.run('CancelOperation', work('cancel'), never),
  ];
  await Promise.resolve();
  expect(begun).toEqual(['create 1', 'cancel']);
  resolve();
  await Promise.all(all);
  expect(begun).toEqual(['create 1', 'cancel', 'create 2']);
});

test('an aborted signal takes out what waits and leaves what runs', async () => {
  const limits = createConcurrencyLimits({ CreateClient: { handle, concurrency: 1 } });
  const stopping = new AbortController();
  const { promise, resolve } = Promise.withResolvers<string>();
  const running = limits.run('CreateClient', () => promise, stopping.signal);
  const waiting = limits.run('CreateClient', async () => 'never', stopping.signal);
  stopping.abort(new Error('The service stops'));
  await expect(waiting).rejects.toThrow('The service stops');
  resolve('ended');
  expect(await running).toBe('ended');
});
