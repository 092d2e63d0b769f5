import { streams, type PersonalData } from '@alfa-cloud/contracts';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { actionKinds, actionStory, backupIdOf } from '../testing/action-stories.ts';
import { bulkChildIdOf, bulkStory, childStory } from '../testing/bulk-stories.ts';
import { dump } from '../testing/dump.ts';
import { recorded, type PlacedEvent } from '../testing/recorded.ts';
import { clientIdOf, clientStory, serverIdOf, serverStory, type Ending } from '../testing/stories.ts';
import { openDatabase } from './database.ts';
import { createReadModels } from './read-models.ts';

const personal: PersonalData = { name: 'Лаборатория', email: 'a@b.test', ownerLogin: 'owner', notes: '' };

const endings: Ending[] = ['ok', 'error', 'cancelled', 'open'];

/** What is done with a client, one thing after the other, however each ends. */
const actions = fc.array(
  fc.record({
    kind: fc.constantFrom(...actionKinds),
    ending: fc.constantFrom(...endings),
    users: fc.nat(100),
    message: fc.constantFrom('Back soon', null),
  }),
  { maxLength: 4 },
);

/** What changes rows of other tables than the client's own. */
const eventful = (slug: string): PlacedEvent[] => {
  const clientId = clientIdOf(slug);
  const stream = streams.client(clientId);
  const checkedAt = '2026-01-01T00:00:00.000Z';
  const told = { clientId, available: false, reason: 'no answer', checkedAt };
  const backup = { clientId, backupId: backupIdOf(slug, 9) };
  const bulk = { name: 'bulk', slugs: [slug, 'refused'] };
  const operationId = bulkChildIdOf('bulk', 'refused');
  const cause = { code: 'client_busy', reason: 'Busy', step: null };
  const rejected = { operationId, kind: 'command.rejected', command: 'client.migrate', cause } as const;
  return [
    { stream, event: { type: 'ClientAvailabilityChanged', data: told } },
    ...actionStory(slug, 9, { kind: 'client.back_up' }),
    { stream, event: { type: 'ClientBackupRemoved', data: backup } },
    ...bulkStory(bulk),
    ...childStory(bulk, slug, 'ok'),
    { stream: streams.operation(operationId), event: { type: 'OperationRejected', data: rejected } },
  ];
};

/** Several stories told at the same time: events of different streams interleave, each stream keeps its order. */
const interleaved = fc
  .array(fc.record({ ending: fc.constantFrom(...endings), actions }), { minLength: 1, maxLength: 6 })
  .chain((stories) =>
    fc.infiniteStream(fc.nat(1000)).map((choices) => {
      const queues = [
        serverStory('one'),
        ...stories.map(({ ending, actions: done }, index) => {
          const slug = `lab-${index}`;
          return [
            ...clientStory({ slug, server: 'one', personal: 'sealed', ending }),
            ...done.flatMap((action, number) => actionStory(slug, number, action)),
            ...(index === 0 ? eventful(slug) : []),
          ];
        }),
      ];
      const events = [];
      while (queues.some((queue) => queue.length > 0)) {
        const open = queues.filter((queue) => queue.length > 0);
        const chosen = open[(choices.next().value ?? 0) % open.length];
        const next = chosen?.shift();
        if (next !== undefined) events.push(next);
      }
      return recorded(events);
    }),
  );

const openedOf = (events: ReturnType<typeof recorded>) =>
  new Map(events.filter(({ type }) => type === 'ClientCreationRequested').map(({ id }) => [id, personal]));

const rowsAfter = (batches: ReturnType<typeof recorded>[], { reopen }: { reopen: boolean }) => {
  const { database } = openDatabase(':memory:');
  let models = createReadModels(database);
  for (const batch of batches) {
    models.apply(batch, openedOf(batch));
    // What a restart leaves: the tables, and nothing in memory.
    if (reopen) models = createReadModels(database);
  }
  const rows = dump(database);
  database.close();
  return rows;
};

test('however the events are cut into batches, and wherever a restart falls, the rows are the same', () => {
  fc.assert(
    fc.property(
      interleaved,
      fc.array(fc.integer({ min: 1, max: 12 })),
      fc.boolean(),
      (events, sizes, reopen) => {
        const whole = rowsAfter([events], { reopen: false });
        const batches = [];
        let rest = events;
        for (let cut = 0; rest.length > 0; cut += 1) {
          const size = sizes[cut % sizes.length] ?? rest.length;
          batches.push(rest.slice(0, size));
          rest = rest.slice(size);
        }
        expect(rowsAfter(batches, { reopen })).toEqual(whole);
        expect(whole.clients).toHaveLength(
          new Set(events.filter(({ type }) => type === 'ClientCreationRequested')).size,
        );
        expect(whole.history.map(({ kind }) => kind)).toEqual(
          events
            .map(({ type }) => type)
            .filter((type) => /^(Client|Server)|(CancelRequested|ChildrenPlanned|Rejected)$/.test(type)),
        );
      },
    ),
    { numRuns: 40 },
  );
});

test('a batch delivered again, whole or in part, changes nothing', () => {
  const events = recorded([
    ...serverStory('one'),
    ...clientStory({ slug: 'lab', server: 'one', personal: 'sealed' }),
  ]);
  const once = rowsAfter([events], { reopen: false });
  expect(rowsAfter([events, events, events.slice(3)], { reopen: true })).toEqual(once);
  expect(rowsAfter([events.slice(0, 20), events.slice(10)], { reopen: false })).toEqual(once);
});

test('a transaction that fails leaves no trace, in the tables or in memory', () => {
  const events = recorded([
    ...serverStory('one'),
    ...clientStory({ slug: 'lab', server: 'one', personal: 'sealed' }),
  ]);
  const { database } = openDatabase(':memory:');
  const models = createReadModels(database);
  models.apply(events.slice(0, 5), new Map());
  const before = dump(database);
  database.exec("CREATE TRIGGER fault BEFORE INSERT ON clients BEGIN SELECT RAISE(ABORT, 'disk full'); END");
  expect(() => models.apply(events.slice(5), openedOf(events))).toThrow('disk full');
  expect(dump(database)).toEqual(before);
  database.exec('DROP TRIGGER fault');
  models.apply(events.slice(5, 7), openedOf(events));
  expect(dump(database)).toEqual(rowsAfter([events.slice(0, 7)], { reopen: false }));
  models.apply(events.slice(7), openedOf(events));
  expect(dump(database)).toEqual(rowsAfter([events], { reopen: false }));
  database.close();
});

test('what became of the events is told', () => {
  const events = recorded([
    ...serverStory('one'),
    ...clientStory({ slug: 'lab', server: 'one', personal: 'sealed', ending: 'open' }),
    {
      stream: 'client-unknown',
      event: {
        type: 'ClientCreated',
        data: { clientId: 'unknown', operationId: 'unknown', image: 'x', imageId: 'x' },
      },
    },
  ]);
  const { database } = openDatabase(':memory:');
  const applied = createReadModels(database).apply(events, openedOf(events));
  expect(applied).toMatchObject({
    projected: events.length - 1,
    ignored: 1,
    serverIds: [serverIdOf('one')],
    clientIds: [clientIdOf('lab')],
  });
  expect(applied.operationIds).toHaveLength(2);
  database.close();
});
