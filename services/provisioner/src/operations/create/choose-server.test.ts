import { afterEach, expect, test } from '@jest/globals';
import { CloudServerError } from '@alfa-cloud/cloud-server';
import {
  message,
  newId,
  streams,
  type ClientEvent,
  type CommandData,
  type ServerView,
} from '@alfa-cloud/contracts';
import { ownCause } from '@alfa-cloud/operations';
import { fakeLaboratory, type FakeLaboratory } from '../../../test/fake-laboratory.ts';
import { inNoTime, operationIdOf, startRig, stopRigs } from '../../../test/rig.ts';
import { createPlaces } from '../../domain/places.ts';
import { recordOnServer } from '../../reconcilers/record.ts';

afterEach(stopRigs);

/** Servers by their names, each a machine of its own. */
const prepared = async (servers: Record<string, Partial<CommandData<'RegisterServer'>>>) => {
  const clouds = new Map<string, FakeLaboratory>();
  const ids = new Map<string, string>();
  // Nobody looks after them meanwhile.
  const view = (id: string) => ({ id, clientCount: 0, status: 'preparing' }) as ServerView;
  const readModels = {
    ListServers: async () => ({ result: { items: [...ids.values()].map(view) } }),
  };
  const start = () =>
    startRig({
      cloud: fakeLaboratory(),
      cloudOf: (id) => clouds.get(id),
      creation: inNoTime,
      readModels,
      ...shared,
    });
  let shared: object = {};
  const rig = await start();
  shared = { store: rig.store, vault: rig.vault };
  for (const [name, data] of Object.entries(servers)) {
    const registration = rig.registration({ name, domain: `${name}.test`, ...data });
    clouds.set(registration.data.serverId, fakeLaboratory());
    await rig.send(registration);
    ids.set(name, registration.data.serverId);
  }
  const create = async (slug: string, given = rig, data: Partial<CommandData<'CreateClient'>> = {}) => {
    const command = await given.creation('', { slug, ...data });
    const { serverId: _, ...wish } = command.data;
    const sent = { ...command, data: wish };
    return { sent, reply: (await given.send(sent)).reply };
  };
  const idOf = (name: string) => ids.get(name) ?? '';
  const nameOf = (id: string | undefined) => [...ids].find(([, known]) => known === id)?.[0];
  const placed = async (clientId: string) => {
    const { events } = await rig.store.read<ClientEvent>(streams.client(clientId));
    const [first] = events;
    return first?.type === 'ClientCreationRequested'
      ? [nameOf(first.data.serverId), first.data.placement?.reason]
      : null;
  };
  const places = createPlaces({ store: rig.store, count: async () => [] });
  const takenOn = async (name: string) => (await places.clientsOn(idOf(name), ownCause())).size;
  return { clouds, rig, start, create, idOf, nameOf, placed, places, takenOn };
};

test('clients go in turns to the servers by the share of places taken, and each is told why', async () => {
  const { rig, create, placed, nameOf } = await prepared({
    large: { capacity: { clients: 4 } },
    small: { capacity: { clients: 2 } },
    stage: { role: 'stage', capacity: { clients: 100 } },
  });
  const order: unknown[] = [];
  for (const slug of ['a', 'b', 'c', 'd', 'e', 'f']) {
    const { sent, reply } = await create(slug);
    const [name] = (await placed(sent.data.clientId)) ?? [];
    expect(reply).toMatchObject({ outcome: 'accepted' });
    expect(nameOf(reply?.outcome === 'accepted' ? reply.ids['serverId'] : '')).toBe(name);
    order.push(name);
  }
  expect(order).toEqual(['large', 'small', 'large', 'large', 'small', 'large']);
  const { sent, reply } = await create('g');
  expect(reply).toMatchObject({
    faults: [
      {
        code: 'no_server_fits',
        detail: 'No server can take the client. large: it has no place left; small: it has no place left',
      },
    ],
  });
  expect(await placed(sent.data.clientId)).toBeNull();
  const log = (await rig.eventsOf(operationIdOf({ id: sent.id }))).length;
  expect(log).toBe(0);
});

test('the reason stands in the log of the operation', async () => {
  const { rig, create } = await prepared({ one: {}, two: {} });
  const { sent } = await create('a');
  expect(await rig.story(operationIdOf(sent))).toContain(
    'a place on server one. 2 servers have the lowest share of places taken, one with 0 of 10; it is the first of them by name',
  );
});

test('a server that is drained, inactive or rebooted is not chosen', async () => {
  const { rig, create, placed, idOf } = await prepared({
    drained: {},
    inactive: { active: false },
    rebooted: {},
    used: { capacity: { clients: 1 } },
  });
  const operationId = newId();
  await recordOnServer(rig.store, idOf('drained'), { type: 'begin_draining', operationId });
  await recordOnServer(rig.store, idOf('rebooted'), { type: 'begin_reboot', operationId });
  const { sent } = await create('a');
  expect((await placed(sent.data.clientId))?.[0]).toBe('used');
  const { reply } = await create('b');
  expect(reply).toMatchObject({
    faults: [
      {
        code: 'no_server_fits',
        meta: {
          servers: [
            { name: 'drained', code: 'server_draining' },
            { name: 'inactive', code: 'server_not_active' },
            { name: 'rebooted', code: 'operation_in_progress' },
            { name: 'used', code: 'server_full' },
          ],
        },
      },
    ],
  });
  await recordOnServer(rig.store, idOf('drained'), { type: 'end_draining' });
  expect((await create('b')).reply?.outcome).toBe('accepted');
});

test('one that refuses the client when it is asked is passed over; what speaks against the client is said at once', async () => {
  const { rig, clouds, create, takenOn } = await prepared({ one: {}, two: {} });
  const refused = await create('proxy', rig, { expireDate: '2020-01-01' });
  expect(refused.reply).toMatchObject({
    faults: [{ code: 'slug_reserved' }, { code: 'expire_date_in_past' }],
  });
  const without = await create('a', rig, { image: 'alfa/none:1' });
  expect(without.reply).toMatchObject({
    faults: [
      {
        detail:
          'No server can take the client. one: Image alfa/none:1 is not on server one; two: Image alfa/none:1 is not on server two',
      },
    ],
  });
  const outage = new CloudServerError('transient', 'docker_unreachable', message`away`);
  for (const { engine } of clouds.values()) engine.outage = outage;
  expect((await create('a')).reply).toMatchObject({
    faults: [{ meta: { servers: [{ code: 'server_unreachable' }, { code: 'server_unreachable' }] } }],
  });
  expect([await takenOn('one'), await takenOn('two')]).toEqual([0, 0]);
});

test('two provisioners that choose at once fill every place and no more', async () => {
  const { rig, start, create, takenOn } = await prepared({
    one: { capacity: { clients: 2 } },
    two: { capacity: { clients: 3 } },
  });
  const other = await start();
  const ended = await Promise.all(
    Array.from({ length: 9 }, (_, index) => create(`lab-${index}`, index % 2 === 0 ? rig : other)),
  );
  expect(ended.filter(({ reply }) => reply?.outcome === 'accepted')).toHaveLength(5);
  expect([await takenOn('one'), await takenOn('two')]).toEqual([2, 3]);
});

test('a place taken by a delivery that was cut off is kept, or given back when another server is better by now', async () => {
  const { rig, places, create, placed, takenOn, idOf } = await prepared({ one: {}, two: {} });
  const take = async (name: string, clientId: string) => {
    const server = { id: idOf(name), name, capacity: { clients: 10 } };
    await places.reservePlace({ server, clientId, operationId: newId() }, ownCause());
  };
  const [kept, given] = [newId(), newId()];
  await take('one', kept);
  await create('a', rig, { clientId: kept });
  expect((await placed(kept))?.[0]).toBe('one');
  expect([await takenOn('one'), await takenOn('two')]).toEqual([1, 0]);
  await take('one', given);
  await create('b', rig, { clientId: given });
  expect((await placed(given))?.[0]).toBe('two');
  expect([await takenOn('one'), await takenOn('two')]).toEqual([1, 1]);
});
