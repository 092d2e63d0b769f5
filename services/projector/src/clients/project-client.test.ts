import type { ClientEvent, PersonalData } from '@alfa-cloud/contracts';
import type { RecordedEvent } from '@alfa-cloud/event-sourcing';
import { expect, test } from '@jest/globals';
import { actionKinds, actionStory } from '../testing/action-stories.ts';
import { recorded, type PlacedEvent } from '../testing/recorded.ts';
import { clientStory, serverIdOf } from '../testing/stories.ts';
import { projectClient, type StoredClient } from './project-client.ts';

const personal: PersonalData = { name: 'Анна', email: 'a@b.test', ownerLogin: 'anna', notes: 'note' };

const ofClient = (story: PlacedEvent[]) =>
  recorded(story).filter(({ stream }) => stream.startsWith('client-')) as RecordedEvent<ClientEvent>[];

const fold = (events: readonly RecordedEvent<ClientEvent>[], from: StoredClient | null = null) =>
  events.reduce<StoredClient | null>((client, event) => projectClient(client, event, personal), from);

const created = clientStory({ slug: 'lab', server: 'one', personal: 'v1.sealed' });

test('of a deleted client no personal data are left, and nothing brings them back', () => {
  const deleted = fold(ofClient([...created, ...actionStory('lab', 0, { kind: 'client.delete' })]));
  expect(deleted).toMatchObject({
    status: 'deleted',
    name: null,
    email: null,
    ownerLogin: null,
    notes: null,
  });
  const changes = { personal: 'v1.sealed', personalChanged: ['name'] };
  const later = actionKinds.flatMap((kind, number) => actionStory('lab', number + 1, { kind, changes }));
  expect(fold(ofClient(later), deleted)).toBe(deleted);
});

test('nothing comes of events about a client that was never asked for', () => {
  expect(fold(ofClient(actionStory('lab', 0, { kind: 'client.switch' })))).toBeNull();
});

test('an event whose personal data can not be opened any more makes them unknown, any other leaves them', () => {
  const client = fold(ofClient(created));
  const [event] = ofClient(actionStory('lab', 0, { kind: 'client.apply_changes' })).filter(
    ({ type }) => type === 'ClientChanged',
  );
  if (event?.type !== 'ClientChanged') throw new Error('The story has changed');
  expect(projectClient(client, event, null)).toMatchObject({ name: 'Анна' });
  const sealed = { ...event, data: { ...event.data, personal: 'v1.sealed' } };
  expect(projectClient(client, sealed, null)).toMatchObject({ name: null, email: null });
});

test('warnings by schedule are on until they are switched off', () => {
  const client = fold(ofClient(created));
  expect(client).toMatchObject({ expiryWarnings: true });
  const changes = { personalChanged: [], expiryWarnings: false };
  const story = actionStory('lab', 0, { kind: 'client.apply_changes', changes });
  expect(fold(ofClient(story), client)).toMatchObject({ expiryWarnings: false });
  const without = ofClient(created).map((event) =>
    event.type === 'ClientCreationRequested'
      ? { ...event, data: { ...event.data, expiryWarnings: false } }
      : event,
  );
  expect(fold(without)).toMatchObject({ expiryWarnings: false });
});

test('a move changes the server and tells what the former one keeps, until that is removed', () => {
  const moved = fold(ofClient(actionStory('lab', 0, { kind: 'client.move' })), fold(ofClient(created)));
  const held = { serverId: serverIdOf('one'), until: '2026-12-01T00:00:00.000Z', undoable: true };
  expect(moved).toMatchObject({ serverId: serverIdOf('two'), held });
  const released = fold(ofClient(actionStory('lab', 1, { kind: 'client.release_move' })), moved);
  expect(released).toMatchObject({ serverId: serverIdOf('two'), held: null });
});

test('an undone move brings back what was true before it, and can not be undone once more', () => {
  const moved = fold(ofClient(actionStory('lab', 0, { kind: 'client.move' })), fold(ofClient(created)));
  const switched = fold(ofClient(actionStory('lab', 1, { kind: 'client.switch', image: 'alfa:2' })), moved);
  expect(switched).toMatchObject({ image: 'alfa:2' });
  expect(fold(ofClient(actionStory('lab', 2, { kind: 'client.undo_move' })), switched)).toMatchObject({
    image: 'alfa:1',
    imageId: 'sha256:1',
    previousImage: null,
    held: { undoable: false },
  });
});
