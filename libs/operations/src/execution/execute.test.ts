import { deriveId, type Command } from '@alfa-cloud/contracts';
import { inMemoryEventStore } from '@alfa-cloud/event-sourcing/testing';
import { expect, test } from '@jest/globals';
import { silent } from '../runner/operation-rig.ts';
import { createExecutor } from './execute.ts';
import type { Execution } from './execution.ts';
import type { Implementation } from './implementation.ts';

const server = deriveId('execute', 'server');

/** An operation that works on the server and then waits without a place there; both parts end when they are told. */
const operation = (name: string, signal: AbortSignal) => {
  const begun = { work: Promise.withResolvers<void>(), wait: Promise.withResolvers<void>() };
  const free = { work: Promise.withResolvers<void>(), wait: Promise.withResolvers<void>() };
  const part = (step: 'work' | 'wait') => async (_: unknown, io: { signal: AbortSignal }) => {
    begun[step].resolve();
    await Promise.race([
      free[step].promise,
      new Promise((_resolve, reject) =>
        io.signal.addEventListener('abort', () => reject(io.signal.reason as Error)),
      ),
    ]);
  };
  const implementation: Implementation<unknown> = {
    operation: { kind: 'image.build_dev' },
    begin: async () => ({
      target: { type: 'none', id: null },
      ids: {},
      servers: [server],
      steps: [
        { name: 'work', deadlineMs: 60_000, act: part('work') },
        { name: 'wait', deadlineMs: 60_000, holdsNoPlace: true, act: part('wait') },
      ],
      conclude: async () => ({}),
      load: async () => ({ context: null, redact: (text) => text }),
    }),
  };
  const commandId = deriveId('execute', name);
  const cause = { commandId, correlationId: name, causationId: commandId, actor: 'tester' };
  const operationId = deriveId(commandId, 'operation');
  const execution: Execution<unknown> = { data: {}, operationId, command: {} as Command, cause, signal };
  return { begun, free, implementation, execution };
};

test('an operation that waits without a place lets another one work, also after a restart', async () => {
  const store = inMemoryEventStore();
  const executor = () => createExecutor({ store, worker: 'w', logger: silent, perServer: 1 });
  const stopped = new AbortController();
  const first = operation('first', stopped.signal);
  const before = executor();
  const cutOff = before(first.implementation, first.execution).catch((error: unknown) => error);
  first.free.work.resolve();
  await first.begun.wait.promise;
  stopped.abort(new Error('stopped'));
  expect(await cutOff).toMatchObject({ name: 'HandedBack' });

  const { signal } = new AbortController();
  const after = executor();
  const other = operation('other', signal);
  const again = operation('first', signal);
  const ends = [after(other.implementation, other.execution)];
  await other.begun.work.promise;
  ends.push(after(again.implementation, again.execution));
  await again.begun.wait.promise;
  for (const { free } of [other, again]) for (const each of Object.values(free)) each.resolve();
  expect(await Promise.all(ends)).toMatchObject([{ status: 'ok' }, { status: 'ok' }]);
});
