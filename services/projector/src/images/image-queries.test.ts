import type { ImageView, ListImages, PersonalData } from '@alfa-cloud/contracts';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openStore, type Store } from '../read-models/store.ts';
import { actionStory } from '../testing/action-stories.ts';
import { recorded, type PlacedEvent } from '../testing/recorded.ts';
import { clientIdOf, clientStory, serverIdOf, serverStory } from '../testing/stories.ts';

let now = '2026-06-01T12:00:00.000Z';
let store: Store;
let told: PlacedEvent[];

beforeEach(() => {
  now = '2026-06-01T12:00:00.000Z';
  store = openStore(':memory:', () => new Date(now), { fresh: false });
  told = [];
  tell([
    ...serverStory('one'),
    ...serverStory('two'),
    ...clientStory({ slug: 'lab', server: 'one', personal: 'v1.sealed' }),
    ...clientStory({ slug: 'other', server: 'two', personal: 'v1.sealed' }),
  ]);
});
afterEach(() => store.close());

const tell = (events: PlacedEvent[]) => {
  const before = told.length;
  told.push(...events);
  const personal: PersonalData = { name: 'A', email: 'a@lab.test', ownerLogin: 'a', notes: '' };
  const added = recorded(told).slice(before);
  store.apply(added, new Map(added.map((event) => [event.id, personal])));
};
const image = (id: string, references: string[], day: number) => ({
  id,
  references,
  version: null,
  sizeBytes: 10 * day,
  createdAt: `2026-05-0${day}T00:00:00.000Z`,
});
const seen = (server: string, images: ReturnType<typeof image>[], checkedAt = now) =>
  store.recordServerImages({ serverId: serverIdOf(server), checkedAt, images });
const list = (request: Partial<ListImages> = {}) =>
  JSON.parse(
    store.answers.ListImages({ page: { number: 1, size: 10 }, sort: [], filter: {}, ...request }),
  ) as { items: ImageView[]; total: number };
const ids = (request: Partial<ListImages> = {}) => list(request).items.map(({ id }) => id);

// What the stories' clients run from.
const used = () => 'sha256:1';

test('an image is told once, with where it is and who runs from it', () => {
  seen('one', [image(used(), ['alfa:1'], 1), image('sha256:old', [], 1)]);
  seen('two', [image(used(), ['alfa:1', 'alfa:same'], 1)]);
  expect(list()).toEqual({
    total: 1,
    items: [
      {
        ...image(used(), ['alfa:1', 'alfa:same'], 1),
        servers: ['one', 'two']
          .map((server) => ({
            serverId: serverIdOf(server),
            references: server === 'one' ? ['alfa:1'] : ['alfa:1', 'alfa:same'],
            checkedAt: now,
          }))
          .toSorted((a, b) => (a.serverId < b.serverId ? -1 : 1)),
        clientCount: 2,
        clientIds: [clientIdOf('lab'), clientIdOf('other')],
        build: null,
        outdated: false,
      },
    ],
  });
  tell(actionStory('lab', 0, { kind: 'client.switch', image: 'alfa:7' }));
  expect(list().items[0]?.clientIds).toEqual([clientIdOf('other')]);
});

test('an image is outdated when a newer one has its repository on any server, or when it has lost its name', () => {
  seen('one', [image(used(), [], 1), image('sha256:2', ['reg.test:5000/alfa:2'], 2)]);
  seen('two', [image('sha256:3', ['reg.test:5000/alfa:3'], 3), image('sha256:x', ['other:1'], 1)]);
  const outdated = Object.fromEntries(list().items.map(({ id, outdated: is }) => [id, is]));
  expect(outdated).toEqual({ [used()]: true, 'sha256:2': true, 'sha256:3': false, 'sha256:x': false });
});

test('the list is narrowed down, sorted and cut into pages', () => {
  seen('one', [image(used(), ['alfa:1'], 1), image('sha256:2', ['alfa:2'], 2)]);
  seen('two', [image('sha256:3', ['beta:1'], 3)]);
  expect(ids()).toEqual(['sha256:3', 'sha256:2', used()]);
  expect(ids({ sort: [{ field: 'name', descending: false }] })).toEqual([used(), 'sha256:2', 'sha256:3']);
  expect(ids({ sort: [{ field: 'clientCount', descending: true }] })[0]).toBe(used());
  expect(ids({ sort: [{ field: 'sizeBytes', descending: false }] })[0]).toBe(used());
  expect(ids({ filter: { serverId: serverIdOf('two') } })).toEqual(['sha256:3']);
  expect(ids({ filter: { reference: 'alfa:2' } })).toEqual(['sha256:2']);
  expect(ids({ filter: { repository: 'alfa' } })).toEqual(['sha256:2', used()]);
  expect(ids({ filter: { outdated: true } })).toEqual([used()]);
  expect(ids({ filter: { inUse: false } })).toEqual(['sha256:3', 'sha256:2']);
  expect(ids({ filter: { search: 'ETA' } })).toEqual(['sha256:3']);
  const second = list({ page: { number: 2, size: 2 } });
  expect([second.items.map(({ id }) => id), second.total]).toEqual([[used()], 3]);
});

test('what was seen earlier does not take the place of what was seen later, nor hold for ever, nor for servers that are no more', () => {
  seen('one', [image('sha256:2', ['alfa:2'], 2)]);
  seen('one', [image('sha256:3', ['alfa:3'], 3)], '2026-06-01T11:59:00.000Z');
  seen('nowhere', [image('sha256:4', ['alfa:4'], 4)]);
  for (const nonsense of ['nonsense', null, { serverId: 's', checkedAt: now, images: [{ id: 1 }] }]) {
    store.recordServerImages(nonsense);
  }
  expect(ids()).toEqual(['sha256:2']);
  now = '2026-06-02T12:00:01.000Z';
  expect(ids()).toEqual([]);
});
