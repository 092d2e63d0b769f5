import { newId, reject, type Command, type CommandData } from '@alfa-cloud/contracts';
import { expect, test } from '@jest/globals';
import { commandSenderOf, deliver, inMemoryFeed, querySenderOf } from './index.ts';

const cancel = (): Command<CommandData<'CancelOperation'>, 'CancelOperation'> => ({
  id: newId(),
  name: 'CancelOperation',
  data: { operationId: newId() },
  actor: 'admin',
  correlationId: 'c',
  causationId: 'c',
  issuedAt: '2026-11-22T18:00:00.000Z',
  fingerprint: 'f',
});

test('deliver gives the first answer, the rejection or the error', async () => {
  const accepted = { outcome: 'accepted', fingerprint: 'f', ids: { operationId: 'o' }, position: '7' };
  const end = await deliver(
    {
      CancelOperation: {
        async handle(delivery) {
          await delivery.accepted({ operationId: 'o' }, 7n);
          await delivery.accepted({ operationId: 'p' }, 8n);
        },
      },
    },
    cancel(),
  );
  expect(end).toEqual({ reply: accepted, error: null });
  const rejecting = { CancelOperation: { handle: () => Promise.reject(reject('not_found', 'None')) } };
  expect(await deliver(rejecting, cancel())).toMatchObject({ reply: { outcome: 'rejected' }, error: null });
  const failing = { CancelOperation: { handle: () => Promise.reject(new Error('broken')) } };
  expect(await deliver(failing, cancel())).toMatchObject({ reply: null, error: { message: 'broken' } });
});

test('the sender over handlers runs the same id once', async () => {
  let runs = 0;
  const sender = commandSenderOf({
    CancelOperation: {
      async handle(delivery) {
        runs += 1;
        await delivery.accepted({}, 1n);
      },
    },
  });
  const command = cancel();
  const first = await sender.send(command, { waitMs: 0 });
  expect(await sender.send(command, { waitMs: 0 })).toEqual(first);
  expect(runs).toBe(1);
  expect(sender.sent).toEqual([command]);
});

test('queries without an answerer are unavailable, faults are rejections, errors are internal', async () => {
  const queries = querySenderOf({
    GetServer: () => Promise.reject(reject('not_found', 'None')),
    GetClient: () => Promise.reject(new Error('broken')),
  });
  await expect(queries.ask('GetServer', { id: 'a' })).rejects.toMatchObject({
    faults: [{ code: 'not_found' }],
  });
  await expect(queries.ask('GetClient', { id: 'a' })).rejects.toMatchObject({
    faults: [{ code: 'internal' }],
  });
  await expect(queries.ask('GetOperation', { id: 'a' })).rejects.toMatchObject({
    name: 'MessagingUnavailable',
  });
});

test('the feed matches subjects as NATS does', () => {
  const feed = inMemoryFeed();
  const heard: string[] = [];
  for (const pattern of ['a.b', 'a.*', 'a.>', '>', 'a.*.c'])
    feed.subscribe(pattern, (message) => heard.push(`${pattern} ${String(message)}`));
  feed.publish('a.b', 1);
  feed.publish('a', 2);
  feed.publish('a.b.c', 3);
  expect(heard).toEqual(['a.b 1', 'a.* 1', 'a.> 1', '> 1', '> 2', 'a.> 3', '> 3', 'a.*.c 3']);
});
