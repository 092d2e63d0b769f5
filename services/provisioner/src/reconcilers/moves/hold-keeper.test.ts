import { afterEach, expect, test } from '@jest/globals';
import { deriveId, streams, type ClientView, type Command, type OperationEvent } from '@alfa-cloud/contracts';
import { inMemoryEventStore } from '@alfa-cloud/event-sourcing/testing';
import type { CommandSender } from '@alfa-cloud/messaging';
import { querySenderOf } from '@alfa-cloud/messaging/testing';
import { createLogger } from '@alfa-cloud/service-kit';
import { operationIdOf } from '@alfa-cloud/operations';
import { createHoldKeeper } from './hold-keeper.ts';

const now = new Date('2050-06-15T12:00:00Z');
const idOf = (name: string) => deriveId('hold keeper', name);

const view = (name: string, until: string, running: string | null = null) =>
  ({
    id: idOf(name),
    runningOperationId: running,
    held: { serverId: idOf('server'), until, operationId: idOf(`${name} move`), undoable: true },
  }) as ClientView;

const keepers: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const keeper of keepers.splice(0)) await keeper.stop();
});

const keep = (clients: ClientView[]) => {
  const sent: Command[] = [];
  const asked: unknown[] = [];
  const store = inMemoryEventStore();
  const time = { now };
  const keeper = createHoldKeeper({
    store,
    queries: querySenderOf({
      ListClients: async ({ filter }) => {
        asked.push(filter);
        return { result: { items: clients, total: clients.length, servers: [] } };
      },
    }),
    commands: () =>
      ({ send: async (command: Command) => void sent.push(command) }) as unknown as CommandSender,
    clock: () => time.now,
    logger: createLogger({ service: 'provisioner', level: 'fatal' }),
    config: { everyMs: 3_600_000 },
  });
  keepers.push(keeper);
  return { keeper, sent, asked, store, time };
};

test('what is held is removed once its time is over, but not while an operation has the client', async () => {
  const { keeper, sent, asked } = keep([
    view('over', '2050-06-15T12:00:00.000Z'),
    view('longer', '2050-06-15T12:00:01.000Z'),
    view('busy', '2050-06-15T11:00:00.000Z', idOf('operation')),
  ]);
  await keeper.runOnce();
  expect(sent.map(({ name, data }) => [name, data])).toEqual([
    ['ReleaseMove', { clientId: idOf('over'), moveId: idOf('over move') }],
  ]);
  expect(asked).toEqual([{ status: 'active', held: true }]);
});

test('of several that find it at once one has an effect, and a removal that failed is tried again later', async () => {
  const { keeper, sent, store, time } = keep([view('over', '2050-06-15T12:00:00.000Z')]);
  await keeper.runOnce();
  await keeper.runOnce();
  const [first, second] = sent;
  expect(second?.id).toBe(first?.id);
  const operationId = operationIdOf(first ?? { id: '' });
  const accepted: OperationEvent = {
    type: 'OperationAccepted',
    data: {
      operationId,
      kind: 'client.release_move',
      target: { type: 'none', id: null },
      steps: [],
      parentId: null,
    },
  };
  const cause = { actor: 'a', correlationId: 'c', commandId: 'd' };
  await store.append(streams.operation(operationId), [{ id: idOf('event'), event: accepted }], {
    expectedRevision: 'no_stream',
    cause,
  } as never);
  await keeper.runOnce();
  expect(sent).toHaveLength(2);
  time.now = new Date(now.getTime() + 600_000);
  await keeper.runOnce();
  expect(sent).toHaveLength(3);
  expect(sent[2]?.id).not.toBe(first?.id);
});
