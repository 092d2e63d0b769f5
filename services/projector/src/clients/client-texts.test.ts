import {
  clientResource,
  fieldsOf,
  type Language,
  languages,
  type ListClients,
  type Message,
  presentClient,
  type PersonalData,
  type Queries,
  streams,
} from '@alfa-cloud/contracts';
import { expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { DatabaseSync } from 'node:sqlite';
import { ClientTexts } from './client-texts.ts';
import { openStore, type Store } from '../read-models/store.ts';
import { actionKinds, actionStory, backupIdOf, type ClientAction } from '../testing/action-stories.ts';
import { recorded, type PlacedEvent } from '../testing/recorded.ts';
import { clientIdOf, clientStory, serverIdOf, serverStory } from '../testing/stories.ts';

/** One thing that changes what is shown of clients. */
type Step =
  | { does: 'creates'; slug: string; server: string; copyOf: string | null; ending: 'ok' | 'error' | 'open' }
  | { does: 'acts'; slug: string; action: ClientAction }
  | { does: 'fails'; slug: string; message: Message }
  | { does: 'loses backup'; slug: string; number: number }
  | {
      does: 'tells availability';
      slug: string;
      available: boolean | null;
      message: Message | null;
      ageMs: number;
    }
  | { does: 'sees availability'; slug: string; available: boolean | null }
  | { does: 'sees images'; server: string; reference: string; image: string | null }
  | ({ does: 'changes server'; server: string } & ServerChange)
  | { does: 'waits'; ms: number };

interface ServerChange {
  domain: string;
  httpPort: number;
  httpsPort: boolean;
  uploadMb: number;
  requestTimeoutS: number;
}

const slugs = ['alpha', 'beta', 'gamma'];
const servers = ['one', 'two'];
const slug = fc.constantFrom(...slugs);
const server = fc.constantFrom(...servers);
const stopped: Message = { template: 'The container has stopped', values: [] };
const answered: Message = { template: '{} answered {}', values: ['/healthz', 503] };
const message = fc.constantFrom(stopped, answered);
const available = fc.constantFrom(true, false, null);
const action: fc.Arbitrary<ClientAction> = fc.record({
  kind: fc.constantFrom<ClientAction['kind']>(
    ...actionKinds,
    'client.move',
    'client.undo_move',
    'client.release_move',
  ),
  ending: fc.constantFrom('ok', 'ok', 'error', 'open'),
  users: fc.nat(99),
  message: fc.constantFrom(null, 'Скоро\n"вернёмся" 🚀'),
  image: fc.constantFrom('alfa:1', 'alfa:2'),
  changes: fc.record({
    aliases: fc.constantFrom([], ['xn--80aswg.xn--p1ai', 'lab.example.org']),
    limits: fc.constantFrom(
      { memoryMb: 1, cpus: 2, pids: 3 },
      { memoryMb: 1, cpus: 2, pids: 3, uploadMb: 9 },
    ),
    personal: fc.constant('v1.sealed'),
  }),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    does: fc.constant('creates' as const),
    slug,
    server,
    copyOf: fc.option(slug),
    ending: fc.constantFrom('ok', 'error', 'open'),
  }),
  { weight: 4, arbitrary: fc.record({ does: fc.constant('acts' as const), slug, action }) },
  fc.record({ does: fc.constant('fails' as const), slug, message }),
  fc.record({ does: fc.constant('loses backup' as const), slug, number: fc.nat(9) }),
  fc.record({
    does: fc.constant('tells availability' as const),
    slug,
    available,
    message: fc.option(message),
    ageMs: fc.nat(90_000),
  }),
  fc.record({ does: fc.constant('sees availability' as const), slug, available }),
  fc.record({
    does: fc.constant('sees images' as const),
    server,
    reference: fc.constantFrom('alfa:1', 'alfa:2'),
    image: fc.constantFrom('sha256:1', 'sha256:9', null),
  }),
  fc.record({
    does: fc.constant('changes server' as const),
    server,
    domain: fc.constantFrom('one.test', 'two.test'),
    httpPort: fc.constantFrom(80, 8080),
    httpsPort: fc.boolean(),
    uploadMb: fc.constantFrom(9, 99),
    requestTimeoutS: fc.constantFrom(60, 90),
  }),
  fc.record({ does: fc.constant('waits' as const), ms: fc.nat(90_000) }),
);

const person: PersonalData = {
  name: 'Лаборатория «Ёж» 🦔',
  email: 'Анна@xn--80aswg.xn--p1ai',
  ownerLogin: 'anna',
  notes: '"\\\n\u2028',
};

/** A store to which a story is told step by step. */
const world = () => {
  let moment = Date.UTC(2026, 5, 1);
  const store = openStore(':memory:', () => new Date(moment), { fresh: false });
  const told: PlacedEvent[] = [];
  let actions = 0;
  const tell = (events: PlacedEvent[]): void => {
    const before = told.length;
    told.push(...events);
    const added = recorded(told).slice(before);
    store.apply(added, new Map(added.map(({ id }) => [id, person])));
  };
  const now = (): string => new Date(moment).toISOString();
  const take = (taken: Step): void => {
    switch (taken.does) {
      case 'creates': {
        const { copyOf, ...story } = taken;
        const events = clientStory({ ...story, personal: 'v1.sealed' });
        for (const { event } of events) {
          if (event.type !== 'ClientCreationRequested' || copyOf === null) continue;
          event.data.sourceClientId = clientIdOf(copyOf);
        }
        return tell(events);
      }
      case 'acts':
        actions += 1;
        return tell(actionStory(taken.slug, actions, taken.action));
      case 'fails': {
        const { slug: of, message: why } = taken;
        const clientId = clientIdOf(of);
        const failure = {
          clientId,
          operationId: clientId,
          code: 'unhealthy',
          reason: 'No answer',
          message: why,
        };
        return tell([
          { stream: streams.client(clientId), event: { type: 'ClientCreationFailed', data: failure } },
        ]);
      }
      case 'loses backup': {
        const clientId = clientIdOf(taken.slug);
        const data = { clientId, backupId: backupIdOf(taken.slug, taken.number) };
        return tell([{ stream: streams.client(clientId), event: { type: 'ClientBackupRemoved', data } }]);
      }
      case 'tells availability': {
        const clientId = clientIdOf(taken.slug);
        const why = taken.message;
        const data = {
          clientId,
          available: taken.available,
          reason: why && 'No answer',
          ...(why && { message: why }),
          checkedAt: new Date(moment - taken.ageMs).toISOString(),
        };
        return tell([
          { stream: streams.client(clientId), event: { type: 'ClientAvailabilityChanged', data } },
        ]);
      }
      case 'sees availability':
        return store.record({
          serverId: serverIdOf('one'),
          checkedAt: now(),
          clients: [{ id: clientIdOf(taken.slug), available: taken.available }],
        });
      case 'sees images':
        return store.recordImages({
          serverId: serverIdOf(taken.server),
          checkedAt: now(),
          images: [{ reference: taken.reference, id: taken.image }],
        });
      case 'changes server': {
        const serverId = serverIdOf(taken.server);
        const data = {
          serverId,
          operationId: null,
          domain: taken.domain,
          proxy: { httpPort: taken.httpPort, ...(taken.httpsPort && { httpsPort: 443 }) },
          limits: { uploadMb: taken.uploadMb, requestTimeoutS: taken.requestTimeoutS },
        };
        return tell([{ stream: streams.server(serverId), event: { type: 'ServerChanged', data } }]);
      }
      case 'waits':
        moment += taken.ms;
        return;
      default:
        return taken satisfies never;
    }
  };
  tell(servers.flatMap((name) => serverStory(name)));
  return { store, take, tell };
};

const request: ListClients = {
  page: { number: 1, size: 100 },
  sort: [{ field: 'slug', descending: false }],
  filter: {},
  includeServers: true,
};

/** The list as the gateway makes it of views. */
const built = (store: Store, language: Language) => {
  const { items, ...rest } = JSON.parse(
    store.answers.ListClients(request),
  ) as Queries['ListClients']['result'];
  const resources = items.map((client) => presentClient(client, language));
  return { resources: JSON.parse(JSON.stringify(resources)) as typeof resources, rest };
};

const ready = (store: Store, language: Language): unknown => {
  const { json, text } = store.answers.listClientTexts(request, language);
  const { items, ...rest } = JSON.parse(json) as Queries['ListClients']['result'];
  expect(items).toEqual([]);
  return { resources: JSON.parse(Buffer.concat(text).toString()) as unknown, rest };
};

const told = { does: 'tells availability', slug: 'alpha', available: false, ageMs: 0 } as const;
const changed: ServerChange = {
  domain: 'two.test',
  httpPort: 80,
  httpsPort: false,
  uploadMb: 9,
  requestTimeoutS: 60,
};
const images = { does: 'sees images', server: 'one', reference: 'alfa:2' } as const;
const longer = { does: 'waits', ms: 61_000 } as const;

/** A story in which everything that may be null is there at some moment, and changes by itself at another. */
const everything: Step[] = [
  { does: 'creates', slug: 'alpha', server: 'one', copyOf: null, ending: 'ok' },
  { does: 'creates', slug: 'beta', server: 'two', copyOf: 'alpha', ending: 'ok' },
  { does: 'creates', slug: 'gamma', server: 'one', copyOf: null, ending: 'open' },
  { does: 'fails', slug: 'gamma', message: answered },
  { does: 'acts', slug: 'alpha', action: { kind: 'client.back_up' } },
  { does: 'loses backup', slug: 'alpha', number: 1 },
  { does: 'acts', slug: 'alpha', action: { kind: 'client.count_users', users: 7 } },
  { does: 'acts', slug: 'alpha', action: { kind: 'client.enable_maintenance', message: 'Скоро' } },
  { does: 'acts', slug: 'alpha', action: { kind: 'client.switch' } },
  { ...images, image: 'sha256:9' },
  { ...images, image: 'sha256:alfa:2' },
  longer,
  { ...told, message: stopped },
  { ...told, message: answered },
  { does: 'sees availability', slug: 'alpha', available: true },
  { does: 'sees availability', slug: 'beta', available: true },
  { does: 'waits', ms: 1000 },
  { does: 'sees availability', slug: 'beta', available: true },
  longer,
  { ...told, slug: 'beta', available: true, message: null },
  { ...told, slug: 'beta', available: null, message: null },
  { does: 'changes server', server: 'two', ...changed },
  { does: 'changes server', server: 'two', ...changed, httpPort: 8080 },
  { does: 'changes server', server: 'two', ...changed, httpPort: 8080, uploadMb: 99 },
  { does: 'changes server', server: 'two', ...changed, httpPort: 8080, uploadMb: 99, requestTimeoutS: 90 },
  { does: 'changes server', server: 'two', ...changed, httpsPort: true, uploadMb: 99, requestTimeoutS: 90 },
  { does: 'acts', slug: 'alpha', action: { kind: 'client.reboot', ending: 'open' } },
  { does: 'acts', slug: 'beta', action: { kind: 'client.move' } },
  { does: 'acts', slug: 'alpha', action: { kind: 'client.delete' } },
];

test('the text of a client says what is made of its view, in each language, whatever has changed since it was made', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 40 }), (steps) => {
      const { store, take } = world();
      try {
        for (const taken of steps) {
          take(taken);
          for (const language of languages) {
            const expected = built(store, language);
            expect(ready(store, language)).toEqual(expected);
            for (const { attributes, relationships } of expected.resources) {
              for (const [name, value] of Object.entries(attributes)) if (value !== null) seen.add(name);
              for (const [name, { data }] of Object.entries(relationships ?? {}))
                if (data !== null && (!Array.isArray(data) || data.length > 0)) seen.add(name);
            }
          }
        }
      } finally {
        store.close();
      }
    }),
    { numRuns: 10, examples: [[everything]] },
  );
  expect([...seen].sort()).toEqual(fieldsOf(clientResource).sort());
});

test('a text is made once, and anew when its client has changed', () => {
  const { store, take } = world();
  try {
    for (const taken of everything.slice(0, 2)) take(taken);
    const texts = () => store.answers.listClientTexts(request, 'en').text;
    const [, alpha, , beta] = texts();
    expect(texts()[1]).toBe(alpha);
    take({ does: 'acts', slug: 'alpha', action: { kind: 'client.enable_demo' } });
    expect(texts()[1]).not.toBe(alpha);
    expect(texts()[3]).toBe(beta);
  } finally {
    store.close();
  }
});

test('what happens to a server makes no text of its clients anew, but what they show of it', () => {
  const { store, take, tell } = world();
  try {
    for (const taken of everything.slice(0, 1)) take(taken);
    const text = () => store.answers.listClientTexts(request, 'en').text[1];
    const before = text();
    const serverId = serverIdOf('one');
    const stream = streams.server(serverId);
    const checkedAt = '2026-06-01T00:00:00.000Z';
    const health = { serverId, health: 'degraded' as const, reasons: [], checkedAt };
    tell([{ stream, event: { type: 'ServerHealthChanged', data: health } }]);
    tell([{ stream, event: { type: 'ServerDrainingBegun', data: { serverId, operationId: serverId } } }]);
    expect(text()).toBe(before);
    take({ does: 'changes server', server: 'one', ...changed });
    const after = text();
    expect(after).not.toBe(before);
    take({ does: 'changes server', server: 'one', ...changed });
    expect(text()).toBe(after);
  } finally {
    store.close();
  }
});

test('a text with long notes is not kept', () => {
  const { store, take } = world();
  try {
    for (const taken of everything.slice(0, 1)) take(taken);
    const { items } = JSON.parse(store.answers.ListClients(request)) as Queries['ListClients']['result'];
    const texts = new ClientTexts();
    const of = (notes: string) => texts.of('en', notes, [], () => JSON.stringify({ ...items[0], notes }));
    expect(of('short')).toBe(of('short'));
    const long = 'я'.repeat(5000);
    expect(of(long)).not.toBe(of(long));
    expect(of(long)).toEqual(of(long));
  } finally {
    store.close();
  }
});

test('no text of before is kept where the rows were written and the emptying of the log after them failed', () => {
  const { store, take, tell } = world();
  const exec = Object.getOwnPropertyDescriptor(DatabaseSync.prototype, 'exec')?.value as (
    this: DatabaseSync,
    sql: string,
  ) => void;
  const failing = jest.spyOn(DatabaseSync.prototype, 'exec');
  try {
    for (const taken of everything.slice(0, 3)) take(taken);
    expect(ready(store, 'en')).toEqual(built(store, 'en'));
    failing.mockImplementation(function (this: DatabaseSync, sql) {
      if (sql.includes('wal_checkpoint')) throw new Error('The disk is full');
      exec.call(this, sql);
    });
    const events = [
      ...actionStory('alpha', 1, { kind: 'client.delete' }),
      ...actionStory('gamma', 2, { kind: 'client.enable_demo' }),
    ];
    expect(() => tell(events)).toThrow('The disk is full');
    expect(ready(store, 'en')).toEqual(built(store, 'en'));
    expect(built(store, 'en').resources).toMatchObject([
      { attributes: { slug: 'beta' } },
      { attributes: { slug: 'gamma', demo: true } },
    ]);
  } finally {
    failing.mockRestore();
    store.close();
  }
});
