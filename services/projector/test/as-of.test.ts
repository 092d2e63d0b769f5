import { streams, type ClientEvent } from '@alfa-cloud/contracts';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { actionStory } from '../src/testing/action-stories.ts';
import { clientIdOf, serverIdOf, serverStory } from '../src/testing/stories.ts';
import { createWorld, live, type World } from './world.ts';

let world: World;
let projector: ReturnType<World['projector']>;
beforeAll(async () => {
  world = await createWorld();
  await world.append(serverStory('one'));
});
afterAll(() => world.close());
beforeEach(async () => {
  projector = world.projector();
  await projector.start();
  await live(projector);
});
afterEach(() => projector.stop());

const idOf = (slug: string) => ({ id: clientIdOf(slug) });
const asked = (slug: string, asOf: string) => world.ask('GetClient', { ...idOf(slug), asOf });
/** When the newest event of a client was written. */
const newest = async (slug: string): Promise<string> => {
  const { events } = await world.eventStore.read(streams.client(clientIdOf(slug)));
  return events.at(-1)?.metadata.at ?? '';
};
const before = (at: string, ms = 1) => new Date(Date.parse(at) - ms).toISOString();
const rejectedWith = (code: string) =>
  expect.objectContaining({ faults: [expect.objectContaining({ code })] });

/** Resolves when the clock, by whose milliseconds the events are told apart, has moved on. */
const tick = async (): Promise<void> => {
  const now = Date.now();
  while (Date.now() <= now) await new Promise(setImmediate);
};

const changed = async (slug: string, name: string): Promise<ClientEvent> => {
  const personal = { name, email: 'new@lab.test', ownerLogin: 'owner', notes: '' };
  const sealed = await world.vault.seal(`client.${clientIdOf(slug)}`, JSON.stringify(personal));
  return {
    type: 'ClientChanged',
    data: {
      clientId: clientIdOf(slug),
      operationId: null,
      personal: sealed,
      personalChanged: ['name', 'email'],
      aliases: ['lab.example.org'],
    },
  };
};

test('a client as it was at any moment of its life, and as it is', async () => {
  await world.append(await world.client({ slug: 'lab', server: 'one' }, { name: 'Old name' }));
  const created = await newest('lab');
  await tick();
  await world.append(actionStory('lab', 0, { kind: 'client.back_up' }));
  await world.append(actionStory('lab', 1, { kind: 'client.switch', image: 'alfa:2' }));
  const switched = await newest('lab');
  await tick();
  const position = await world.append([
    { stream: streams.client(clientIdOf('lab')), event: await changed('lab', 'New name') },
  ]);
  const { result: now } = await world.ask('GetClient', idOf('lab'), position);
  expect(now).toMatchObject({ name: 'New name', image: 'alfa:2', aliases: ['lab.example.org'] });

  expect((await asked('lab', created)).result).toMatchObject({
    status: 'active',
    name: 'Old name',
    image: 'alfa:1',
    previousImage: null,
    aliases: [],
    lastBackupAt: null,
    available: null,
    availableCheckedAt: null,
    cloud: 'http://lab.one.example.test:8080',
    server: { id: serverIdOf('one') },
  });
  expect((await asked('lab', before(created))).result.status).toBe('creating');
  const later = (await asked('lab', switched)).result;
  expect(later).toMatchObject({ name: 'Old name', image: 'alfa:2', previousImage: { reference: 'alfa:1' } });
  expect(later.lastBackupAt).toBe(now.lastBackupAt);
  expect((await asked('lab', '2999-01-01T00:00:00Z')).result).toEqual(now);
});

test('before it was there, and moments that are none', async () => {
  await world.append(await world.client({ slug: 'young', server: 'one' }));
  await expect(asked('young', '2000-01-01T00:00:00Z')).rejects.toThrow(rejectedWith('not_found'));
  await expect(asked('nobody', '2999-01-01T00:00:00Z')).rejects.toThrow(rejectedWith('not_found'));
  await expect(asked('young', 'yesterday')).rejects.toThrow(rejectedWith('validation_failed'));
});

test('a deleted client: gone, but as it was before, without its personal data, which stand nowhere any more', async () => {
  const name = 'Unforgettable Laboratory';
  const position = await world.append(await world.client({ slug: 'gone', server: 'one' }, { name }));
  expect((await world.ask('GetClient', idOf('gone'), position)).result.name).toBe(name);
  const files = ['', '-wal'].map((suffix) => `${world.file}${suffix}`);
  const isWritten = async (text: string) =>
    (await Promise.all(files.map((file) => readFile(file)))).some((content) => content.includes(text));
  expect(await isWritten(name)).toBe(true);
  const alive = await newest('gone');
  await tick();
  const deleted = await world.append(actionStory('gone', 0, { kind: 'client.delete' }));
  await expect(world.ask('GetClient', idOf('gone'), deleted)).rejects.toThrow(rejectedWith('gone'));
  await expect(asked('gone', '2999-01-01T00:00:00Z')).rejects.toThrow(rejectedWith('gone'));
  const image = { status: 'active', image: 'alfa:1', slug: 'gone' };
  const nobody = { name: null, email: null, ownerLogin: null, notes: null };
  // The key is still there: from the event on nothing is opened by it.
  expect((await asked('gone', alive)).result).toMatchObject({ ...image, ...nobody });
  await world.vault.destroyKey(`client.${clientIdOf('gone')}`);
  expect((await asked('gone', alive)).result).toMatchObject({ ...image, ...nobody });
  expect(await isWritten(name)).toBe(false);
  expect(await isWritten(name.toLowerCase())).toBe(false);
});
