import { afterEach, expect, test } from '@jest/globals';
import { newId, streams, type ClientEvent, type ClientView } from '@alfa-cloud/contracts';
import { fold } from '@alfa-cloud/event-sourcing';
import { inMemoryEventStore, type InMemoryEventStore } from '@alfa-cloud/event-sourcing/testing';
import { ownCause } from '@alfa-cloud/operations';
import { fakeLaboratory, type FakeLaboratoryOptions } from '../../../test/fake-laboratory.ts';
import { commandOf, inNoTime, startRig, stopRigs, type Rig } from '../../../test/rig.ts';
import { clientDecider } from '../../domain/client.ts';
import { createPlaces } from '../../domain/places.ts';
import { holderOf } from '../../domain/reservations.ts';
import { endFailedCreation } from './conclude-creation.ts';

afterEach(stopRigs);

const prepared = async (clients: number, options: FakeLaboratoryOptions = {}) => {
  const cloud = fakeLaboratory(options);
  const rig = await startRig({ cloud, creation: inNoTime });
  const registration = rig.registration({ capacity: { clients } });
  await rig.send(registration);
  const { serverId } = registration.data;
  const places = createPlaces({ store: rig.store, count: async () => [] });
  const taken = async () => (await places.clientsOn(serverId, ownCause())).size;
  const create = async (slug: string, given: Rig = rig) => {
    const command = await given.creation(serverId, { slug });
    const { reply } = await given.send(command);
    const outcome = reply?.outcome === 'rejected' ? reply.faults[0]?.code : reply?.outcome;
    return { outcome, clientId: command.data.clientId };
  };
  return { cloud, rig, serverId, places, taken, create };
};

/** Sends ten creations, in turns to two provisioners that share nothing but events, keys and servers. */
const createByTwo = async (
  first: Rig,
  create: (slug: string, rig: Rig) => Promise<{ outcome: string | undefined }>,
) => {
  const { cloud, store, vault } = first;
  const second = await startRig({ cloud, store, vault, creation: inNoTime });
  const ended = await Promise.all(
    Array.from({ length: 10 }, (_, index) => create(`lab-${index}`, index % 2 === 0 ? first : second)),
  );
  return ended.map(({ outcome }) => String(outcome)).toSorted();
};
const admitted = (count: number) => [
  ...Array.from({ length: count }, () => 'accepted'),
  ...Array.from({ length: 10 - count }, () => 'server_full'),
];

test('two provisioners side by side admit as many creations as the server has room for', async () => {
  const { rig, create, taken } = await prepared(3);
  expect(await createByTwo(rig, create)).toEqual(admitted(3));
  expect(await taken()).toBe(3);
});

/** The same events but those about places: as a version wrote them that did not know of places. */
const withoutPlaces = async (store: InMemoryEventStore): Promise<InMemoryEventStore> => {
  const former = inMemoryEventStore();
  for (const { stream, id, type, data } of store.all()) {
    if (stream.startsWith('placement-')) continue;
    const { revision } = await former.read(stream);
    const event = { type, data } as ClientEvent;
    await former.append(stream, [{ id, event }], {
      expectedRevision: revision ?? 'no_stream',
      cause: ownCause(),
    });
  }
  return former;
};

test('clients of the time before places were kept count, whoever of two counts them', async () => {
  const { cloud, rig, serverId, create } = await prepared(4);
  const clientIds = [(await create('old-1')).clientId, (await create('old-2')).clientId];
  const store = await withoutPlaces(rig.store);
  const failed = { id: newId(), status: 'failed' };
  const items = [...clientIds.map((id) => ({ id, status: 'active' })), failed] as ClientView[];
  const readModels = { ListClients: async () => ({ result: { items, total: 3, servers: [] } }) };
  const former = await startRig({ cloud, store, vault: rig.vault, creation: inNoTime, readModels });
  const another = await startRig({ cloud, store, vault: rig.vault, creation: inNoTime, readModels });
  const ended = await Promise.all([
    ...['a', 'b', 'c'].map((slug) => create(slug, former)),
    ...['d', 'e', 'f'].map((slug) => create(slug, another)),
  ]);
  expect(ended.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(2);
  expect(ended.filter(({ outcome }) => outcome === 'server_full')).toHaveLength(4);
  const places = createPlaces({ store, count: async () => [] });
  expect([...(await places.clientsOn(serverId, ownCause()))]).toEqual(expect.arrayContaining(clientIds));
});

test('while nobody tells who lives on a server of that time, no client is let in', async () => {
  const { cloud, rig, create } = await prepared(4);
  const store = await withoutPlaces(rig.store);
  const readModels = {
    ListClients: async () => ({ result: { items: [], total: 0, servers: [] }, stale: true }),
  };
  const former = await startRig({ cloud, store, vault: rig.vault, creation: inNoTime, readModels });
  expect((await create('a', former)).outcome).toBe('unavailable');
  expect(await holderOf(store, { scope: 'slug', name: 'a' })).toBeNull();
});

test('a deleted client and one whose creation has failed give their places back', async () => {
  const { rig, create, taken } = await prepared(1, {
    health: (_container, host) => (host === 'fails.lab.test' ? 500 : 200),
  });
  expect((await create('fails')).outcome).toBe('accepted');
  expect(await taken()).toBe(0);
  const { clientId } = await create('first');
  expect((await create('second')).outcome).toBe('server_full');
  expect(await holderOf(rig.store, { scope: 'slug', name: 'second' })).toBeNull();
  const deletion = commandOf('DeleteClient', { clientId, confirm: 'first' });
  await rig.succeed(deletion);
  expect((await create('second')).outcome).toBe('accepted');
  await rig.send(deletion);
  expect(await taken()).toBe(1);
});

test('a creation that is refused after all, or becomes poison, gives back what it has taken', async () => {
  const { rig, serverId, places, create, taken } = await prepared(5);
  await create('first');
  const take = async (slug: string) => {
    const command = await rig.creation(serverId, { slug });
    const server = { id: serverId, name: 'x', capacity: { clients: 5 } };
    const { clientId } = command.data;
    await places.reservePlace({ server, clientId, operationId: newId() }, ownCause());
    return command;
  };
  const refused = await take('first');
  expect(await taken()).toBe(2);
  expect((await rig.send(refused)).reply).toMatchObject({ faults: [{ code: 'slug_taken' }] });
  expect(await taken()).toBe(1);
  const poisoned = await take('other');
  await rig.endPoison({ subject: 's', sequence: 1, command: poisoned, faults: [] });
  expect(await taken()).toBe(1);
});

test('a creation that was given up is recorded as failed, once, and gives slug and place back', async () => {
  const { rig, serverId, places, taken } = await prepared(5);
  const { personal, ...data } = (await rig.creation(serverId)).data;
  const operationId = newId();
  const event: ClientEvent = {
    type: 'ClientCreationRequested',
    data: { ...data, serverId, operationId, personal, secrets: personal },
  };
  const cause = ownCause();
  const { clientId } = data;
  const stream = streams.client(clientId);
  await rig.store.append(stream, [{ id: newId(), event }], { expectedRevision: 'no_stream', cause });
  const server = { id: serverId, name: 'x', capacity: { clients: 5 } };
  await places.reservePlace({ server, clientId, operationId }, cause);
  const why = { code: 'no_progress', reason: 'Given up', step: null };
  const end = { status: 'error' as const, cause: why, leftovers: ['container'] };
  const deps = { store: rig.store, places };
  for (let times = 0; times < 2; times += 1) await endFailedCreation(deps, clientId, end, cause);
  const { events } = await rig.store.read<ClientEvent>(stream);
  expect(events.map(({ type }) => type)).toEqual(['ClientCreationRequested', 'ClientCreationFailed']);
  expect(fold(clientDecider, events).status).toBe('failed');
  expect(await taken()).toBe(0);
});
