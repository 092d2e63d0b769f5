import type { ClientView, PersonalData } from '@alfa-cloud/contracts';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openStore, type Store } from '../read-models/store.ts';
import { actionStory } from '../testing/action-stories.ts';
import { recorded, type PlacedEvent } from '../testing/recorded.ts';
import { clientIdOf, clientStory, serverIdOf, serverStory } from '../testing/stories.ts';

const id = clientIdOf('lab');
const now = '2026-06-01T12:00:00.000Z';
let store: Store;
let told: PlacedEvent[];

beforeEach(() => {
  store = openStore(':memory:', () => new Date(now), { fresh: false });
  told = [];
  tell([...serverStory('one'), ...clientStory({ slug: 'lab', server: 'one', personal: 'v1.sealed' })]);
});
afterEach(() => store.close());

const tell = (events: PlacedEvent[]) => {
  const before = told.length;
  told.push(...events);
  const personal: PersonalData = { name: 'A', email: 'a@lab.test', ownerLogin: 'a', notes: '' };
  const added = recorded(told).slice(before);
  store.apply(added, new Map(added.map((event) => [event.id, personal])));
};
const client = () => JSON.parse(store.answers.GetClient({ id })) as ClientView;
const listed = (filter: { imageOutdated?: boolean } = {}) => {
  const request = { page: { number: 1, size: 10 }, sort: [], includeServers: false, filter };
  return (JSON.parse(store.answers.ListClients(request)) as { items: ClientView[] }).items;
};
const secondsBefore = (seconds: number) => new Date(Date.parse(now) - seconds * 1000).toISOString();
const named = (reference: string, imageId: string | null, checkedAt: string, server = 'one') =>
  store.recordImages({ serverId: serverIdOf(server), checkedAt, images: [{ reference, id: imageId }] });

test('an image is outdated while its name means another one on its server, and nobody knows without a fresh look', () => {
  const outdated = () => client().imageOutdated;
  expect(outdated()).toBeNull();
  named('alfa:1', 'sha256:1', secondsBefore(30));
  expect(outdated()).toBe(false);
  named('alfa:1', 'sha256:2', secondsBefore(20));
  expect(outdated()).toBe(true);
  expect(listed()[0]?.imageOutdated).toBe(true);
  // What was seen earlier, on another server or of another name says nothing.
  named('alfa:1', 'sha256:1', secondsBefore(25));
  named('alfa:1', 'sha256:1', now, 'two');
  named('alfa:2', 'sha256:1', now);
  expect(outdated()).toBe(true);
  named('alfa:1', null, secondsBefore(10));
  expect(outdated()).toBeNull();
  named('alfa:7', 'sha256:alfa:7', secondsBefore(5));
  tell(actionStory('lab', 0, { kind: 'client.switch', image: 'alfa:7' }));
  expect(outdated()).toBe(false);
});

test('clients are listed by whether their image is outdated; of whom nobody knows are in neither list', () => {
  const found = () => [true, false].map((imageOutdated) => listed({ imageOutdated }).length);
  expect(found()).toEqual([0, 0]);
  named('alfa:1', 'sha256:1', secondsBefore(30));
  expect(found()).toEqual([0, 1]);
  named('alfa:1', 'sha256:2', secondsBefore(20));
  expect(found()).toEqual([1, 0]);
  named('alfa:1', null, secondsBefore(10));
  expect(found()).toEqual([0, 0]);
});

test('an image that was looked at more than a minute ago is in neither list', () => {
  named('alfa:1', 'sha256:2', secondsBefore(61));
  expect(listed({ imageOutdated: true })).toEqual([]);
});

test('what was seen of an image more than a minute ago is not known any more', () => {
  named('alfa:1', 'sha256:2', secondsBefore(61));
  expect(client().imageOutdated).toBeNull();
  for (const nonsense of ['nonsense', null, { serverId: 's', checkedAt: now, images: [{ reference: 1 }] }]) {
    store.recordImages(nonsense);
  }
  expect(client().imageOutdated).toBeNull();
});
