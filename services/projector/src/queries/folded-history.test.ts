import {
  type BuildEvent,
  deriveId,
  historySummary,
  type OperationEvent,
  streams,
  type ListHistory,
  type OperationKind,
  type Queries,
} from '@alfa-cloud/contracts';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openStore, type Store } from '../read-models/store.ts';
import { actionOperationIdOf, actionStory, type ClientAction } from '../testing/action-stories.ts';
import { type BulkStory, bulkIdOf, bulkStory, childStory } from '../testing/bulk-stories.ts';
import { type PlacedEvent, recorded } from '../testing/recorded.ts';
import { clientIdOf, clientStory, serverIdOf, serverStory } from '../testing/stories.ts';

const id = clientIdOf('lab');
let store: Store;
let told: PlacedEvent[];
let actions: number;

beforeEach(() => {
  store = openStore(':memory:', () => new Date('2026-06-01T12:00:00.000Z'), { fresh: false });
  told = [];
  actions = 0;
  tell([...serverStory('one'), ...clientStory({ slug: 'lab', server: 'one', personal: 'v1.sealed' })]);
});
afterEach(() => store.close());

const tell = (events: PlacedEvent[], actor = 'admin') => {
  const before = told.length;
  told.push(...events);
  const added = recorded(told).slice(before);
  store.apply(
    added.map((event) => ({ ...event, metadata: { ...event.metadata, actor } })),
    new Map(),
  );
};
const act = (action: ClientAction, actor?: string) => {
  tell(actionStory('lab', actions, action), actor);
  actions += 1;
};
const history = (
  filter: ListHistory['filter'],
  page = { number: 1, size: 100 },
  events?: NonNullable<ListHistory['events']>,
) =>
  JSON.parse(
    store.answers.ListHistory({ page, filter, ...(events === undefined ? {} : { events }) }),
  ) as Queries['ListHistory']['result'];
const summaries = (filter: ListHistory['filter']) => history(filter).items.map(({ summary }) => summary);

test('an operation is one entry, where its first event stands, with what came of it and how long it took', () => {
  act({ kind: 'client.reboot' });
  act({ kind: 'client.switch', image: 'alfa:2' }, 'anna');
  const { items, total } = history({ targetId: id });
  expect(total).toBe(3);
  expect(items.map(({ kind, actor, summary }) => [kind, actor, summary])).toEqual([
    [
      'client.switch',
      'anna',
      'Switch to another image ended well after 10 min 0 s. Image switched from alfa:1 to alfa:2',
    ],
    ['client.reboot', 'admin', 'Restart of the client ended well after 10 min 0 s'],
    [
      'client.create',
      'admin',
      expect.stringMatching(
        /^Creation of the client ended well after .*\. Client "lab" asked for: image alfa:1, /,
      ),
    ],
  ]);
  expect(items[0]).toMatchObject({
    operationId: actionOperationIdOf('lab', 1),
    reason: null,
    operation: { status: 'ok', durationMs: expect.any(Number), finishedAt: expect.any(String) },
  });
});

test('the same entry is told in Russian', () => {
  act({ kind: 'client.switch', image: 'alfa:2' });
  const [entry] = history({ targetId: id }).items;
  if (entry === undefined) throw new Error('There is no entry');
  expect(historySummary('ru', entry)).toBe(
    'Переход на другой образ: успешно за 10 мин 0 с. Образ сменён с alfa:1 на alfa:2',
  );
});

test('one that goes on is told as begun, one that failed tells why', () => {
  act({ kind: 'client.migrate', ending: 'open' });
  expect(summaries({ targetId: id })[0]).toBe('Migration of the database begun');
  expect(history({ targetId: id }).items[0]?.operation).toMatchObject({
    status: 'running',
    durationMs: null,
  });
  act({ kind: 'client.enable_demo', ending: 'error' });
  expect(history({ targetId: id }).items[0]).toMatchObject({
    summary: expect.stringMatching(/^Filling with demo data ended with an error after /),
    reason: 'No answer',
    operation: { status: 'error', result: null, facts: [] },
  });
});

test('what was decided before its operation began is told by it, with its own reason', () => {
  act({ kind: 'client.apply_expiry', from: '2026-12-31', to: '2027-12-31', reason: 'Paid' });
  expect(history({ targetId: id }).items[0]).toMatchObject({
    kind: 'client.apply_expiry',
    summary: expect.stringMatching(
      /ended well after .*\. Last day of use extended from 2026-12-31 to 2027-12-31$/,
    ),
    reason: 'Paid',
  });
});

test('who asked to cancel is an entry of its own', () => {
  act({ kind: 'client.count_users', ending: 'cancelled' }, 'boris');
  expect(summaries({ actor: 'boris' })).toEqual([
    'Count of the users: asked to cancel',
    expect.stringMatching(/^Count of the users cancelled after /),
  ]);
});

test('pages and totals count entries; the type of an event asks for events', () => {
  for (const _ of Array.from({ length: 5 })) act({ kind: 'client.reboot' });
  const second = history({ targetId: id }, { number: 2, size: 4 });
  expect([second.total, second.items.length]).toEqual([6, 2]);
  expect(history({ targetId: id, kind: 'ClientOperationEnded' }).total).toBe(5);
  expect(history({}).total).toBe(7);
  expect(history({ targetId: serverIdOf('one') }).items).toMatchObject([
    {
      kind: 'server.prepare',
      summary: expect.stringMatching(
        /^Preparation of the server ended well after .*\. Server "one" registered for /,
      ),
    },
  ]);
});

test('a kind of operation asks for these operations, whole or with all their events', () => {
  act({ kind: 'client.reboot' });
  act({ kind: 'client.switch', image: 'alfa:2' });
  act({ kind: 'client.reboot', ending: 'cancelled' }, 'boris');
  const { items, total } = history({ targetId: id, kind: 'client.reboot' });
  expect([items.map(({ kind, actor }) => [kind, actor]), total]).toEqual([
    [
      ['client.reboot', 'boris'],
      ['client.reboot', 'admin'],
    ],
    2,
  ]);
  const all = history({ targetId: id, kind: 'client.reboot' }, undefined, 'all');
  expect(new Set(all.items.map(({ kind }) => kind))).toEqual(
    new Set(['ClientOperationEnded', 'ClientRebooted', 'ClientOperationBegun', 'OperationCancelRequested']),
  );
});

test('the type of an event asks for the operations in which it happened, when operations are wanted', () => {
  act({ kind: 'client.reboot' });
  act({ kind: 'client.switch', image: 'alfa:2' });
  const filter = { targetId: id, kind: 'ClientImageSwitched' };
  expect(history(filter).items).toMatchObject([{ kind: 'ClientImageSwitched' }]);
  expect(history(filter).items[0]).not.toHaveProperty('operation');
  const { items, total } = history(filter, undefined, 'operations');
  expect([items, total]).toMatchObject([[{ kind: 'client.switch', operation: { status: 'ok' } }], 1]);
});

test('what was refused after its sender had been answered is an operation that ended, also of a client that never was', () => {
  const refused = (targetId: string, requestedKind: OperationKind): PlacedEvent => {
    const operationId = `${targetId.slice(0, -2)}ee`;
    const cause = { code: 'slug_taken', reason: 'Taken', step: null };
    const told = { requestedKind, parameters: { image: 'alfa:2' }, acceptedAt: '2026-01-01T00:00:00.000Z' };
    const command = { operationId, kind: 'command.rejected', command: 'x', cause } as const;
    const target = { type: 'client', id: targetId } as const;
    return {
      stream: streams.operation(operationId),
      event: { type: 'OperationRejected', data: { ...command, target, ...told } },
    };
  };
  const never = clientIdOf('never');
  tell([refused(id, 'client.switch'), refused(never, 'client.create')]);
  const ended = {
    status: 'error',
    facts: [],
    finishedAt: expect.any(String),
    durationMs: expect.any(Number),
  };
  expect(history({ targetId: id }).items[0]).toMatchObject({
    kind: 'client.switch',
    reason: 'Taken',
    operation: ended,
  });
  expect(history({ targetType: 'client', targetId: never }).items).toMatchObject([
    { kind: 'client.create', operation: ended },
  ]);
  const { operationId } = history({ targetId: never }).items[0] ?? {};
  expect(JSON.parse(store.answers.GetOperation({ id: String(operationId) }))).toMatchObject({
    parameters: { image: 'alfa:2' },
    acceptedAt: '2026-01-01T00:00:00.000Z',
  });
});

test('an operation over many clients is one entry, each of its children one of its client', () => {
  const bulk: BulkStory = { name: 'first', slugs: ['lab', 'b'] };
  tell(bulkStory(bulk, 'ok'));
  tell(childStory(bulk, 'lab', 'ok'));
  expect(summaries({ operationId: bulkIdOf('first') })).toEqual([
    expect.stringMatching(/^Migration of many databases ended well after .*\. 2 to do, 0 left out$/),
  ]);
  expect(summaries({ targetId: id })[0]).toMatch(/^Migration of the database ended well after /);
});

/** A build of the development branch on server `one`: requested, and how it ended. */
const buildStory = (name: string, end: BuildEvent['type']): PlacedEvent[] => {
  const operationId = deriveId('build', name);
  const ids = { operationId, role: 'dev' } as const;
  const serverId = serverIdOf('one');
  const begun = { serverId, startedAt: '2026-01-01T00:00:00.000Z', force: false, targetServers: null };
  const commit = { sha: 'abcdef'.repeat(7).slice(0, 40), branch: 'dev', committedAt: '', subject: 'Mend it' };
  const image = { imageId: 'sha256:1', repository: 'alfa', tag: 'dev-1', movingTag: 'dev' };
  const place = { serverId, name: 'One', outcome: 'ok', imageId: 'sha256:1', bytesSent: 1 } as const;
  const cause = { code: 'smoke_test_failed', reason: 'It does not start', step: 'smoke-test' };
  const happened: BuildEvent[] = [
    { type: 'BuildBegun', data: { ...ids, ...begun } },
    { type: 'BuildCommitChosen', data: { ...ids, commit, reusedFrom: null } },
    ...(end === 'BuildFailed'
      ? [{ type: 'BuildFailed' as const, data: { ...ids, cause } }]
      : [
          { type: 'BuildImagePublished' as const, data: { ...ids, ...image } },
          { type: 'BuildDistributed' as const, data: { ...ids, servers: [place] } },
          { type: 'BuildSucceeded' as const, data: ids },
        ]),
  ];
  const target = { type: 'none', id: null } as const;
  const accepted = {
    operationId,
    kind: 'image.build_dev' as const,
    target,
    steps: ['source'],
    parentId: null,
    parameters: {},
  };
  const ended: OperationEvent =
    end === 'BuildFailed'
      ? { type: 'OperationFailed', data: { operationId, cause, leftovers: [], result: {} } }
      : { type: 'OperationSucceeded', data: { operationId, result: { built: true } } };
  const [first, ...others] = happened.map((event) => ({ stream: streams.builds('dev'), event }));
  const stream = streams.operation(operationId);
  return [
    ...(first === undefined ? [] : [first]),
    { stream, event: { type: 'OperationAccepted', data: accepted } },
    ...others,
    { stream, event: ended },
  ];
};

test('a build is one entry of the installation, with its commit, its image and the servers that got it', () => {
  tell(buildStory('good', 'BuildSucceeded'), 'anna');
  tell(buildStory('bad', 'BuildFailed'), 'boris');
  const filter = { kind: 'image.build_dev' };
  const title = 'Build of the development branch';
  const commit = 'Commit abcdefabcdef of branch dev: "Mend it"';
  const { items } = history(filter);
  expect(items.map(({ actor, target, summary, reason }) => [actor, target.type, summary, reason])).toEqual([
    ['boris', 'none', expect.stringContaining(`${title} ended with an error after `), 'It does not start'],
    ['anna', 'none', expect.stringContaining(`${title} ended well after `), null],
  ]);
  const [bad, good] = items;
  expect(bad?.summary).toMatch(new RegExp(`\\. ${commit}$`));
  const whole = `. ${commit}. Image alfa:dev-1 built and tested; alfa:dev means it. Image on servers: One`;
  expect(good?.summary.endsWith(whole)).toBe(true);
  expect(good === undefined ? '' : historySummary('ru', good)).toContain(
    'Коммит abcdefabcdef ветки dev: «Mend it». Образ',
  );
  expect(history({ actor: 'anna', kind: 'image.build_dev' }).total).toBe(1);
  expect(history({ kind: 'BuildFailed' }).items).toMatchObject([
    { kind: 'BuildFailed', reason: 'It does not start' },
  ]);
  expect(history({ targetType: 'server' }).items.map(({ kind }) => kind)).not.toContain('image.build_dev');
});
