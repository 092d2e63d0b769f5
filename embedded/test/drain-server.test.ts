import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inventory } from '@alfa-cloud/provisioner';
import { buildAnew, eventually, startFarm, walkExtent, type Farm } from '@alfa-cloud/testing';
import { visit } from './support/browser.ts';
import { act, clientDocument, finished, followCreation, type Resource } from './support/caller.ts';
import { registerSite, serverOf, sitesOn, type Site } from './support/site.ts';
import { startWorld, type World } from './support/world.ts';

const { isFull } = walkExtent(process.env, new Date());
const slugs = ['ada', 'ben', 'cyd', 'dan', ...(isFull ? ['eve', 'fay', 'gil', 'hal', 'ida', 'jan'] : [])];
const timeoutMs = isFull ? 900_000 : 300_000;

let farm: Farm;
let world: World;
let old: Site;
let other: Site;
const clients = new Map<string, string>();

beforeAll(async () => {
  farm = await startFarm([{ docker: true }, { docker: true }]);
  [old, other] = sitesOn(farm) as [Site, Site];
  world = await startWorld({
    place: old.place,
    env: { ALFA_AVAILABILITY_INTERVAL_S: '2', ALFA_BACKUP_EVERY_H: '0' },
  });
  // The clients come before the second server: they are not to choose it.
  await registerSite(world, old, 'old');
  await Promise.all(slugs.map((slug) => create(slug)));
  await registerSite(world, other, 'other');
}, 300_000);
afterAll(async () => {
  await world?.dispose();
  await Promise.all([old, other].map((site) => site?.place.dispose()));
  await farm?.dispose();
});

/** Creates a client without a server; answers what is told of the choice. */
const create = async (slug: string): Promise<Record<string, unknown>> => {
  const document = clientDocument('', slug, world.images.client);
  const { type, attributes } = document.data;
  const { status, body, text } = await world.call('POST', '/clients/create', { data: { type, attributes } });
  if (status !== 202) throw new Error(text);
  clients.set(slug, body.data.id);
  expect((await followCreation(world.call, body.data.id)).attributes).toMatchObject({ completed: 'ok' });
  return body.meta.placement;
};

const client = async (slug: string) => (await world.call('GET', `/clients/${clients.get(slug)}`)).body.data;
const server = (site: Site) => serverOf(world, site);

test('a plan tells where each client of a server would go, and changes nothing', async () => {
  const path = `/servers/${old.serverId}/drain?dryRun=true`;
  const { status, body } = await world.call('POST', path, undefined, { 'accept-language': 'ru' });
  expect([status, body.data.attributes.obstacles]).toEqual([200, []]);
  expect(body.data.attributes.clients).toHaveLength(slugs.length);
  expect(body.data.attributes.clients[0]).toMatchObject({
    slug: 'ada',
    targetServer: other.serverId,
    reason: 'Взять клиента может только сервер other; занято мест: 0 из 100',
  });
  expect((await server(old)).state).toBe('ready');
});

test(
  'a server is drained: every client works on the other one, none comes meanwhile',
  async () => {
    const path = `/servers/${old.serverId}/drain?waveSize=4&holdHours=0`;
    const begun = await world.call('POST', path);
    expect(begun.status).toBe(202);
    expect((await server(old)).state).toBe('draining');
    const refused = await world.call(
      'POST',
      '/clients/create',
      clientDocument(old.serverId, 'late', world.images.client),
    );
    expect([refused.status, refused.body.errors[0].code]).toEqual([409, 'server_draining']);
    const end = await finished(world.call, begun.body.data.id, timeoutMs);
    expect([end.status, end.error]).toEqual(['ok', null]);
    expect(end.result).toMatchObject({ total: slugs.length, ok: slugs.length, left: [], leftTotal: 0 });
    for (const slug of slugs) {
      const { links, relationships } = await client(slug);
      expect(relationships.server.data.id).toBe(other.serverId);
      const page = await visit(links.cloud, '/', { machine: other.machine.address });
      expect([page.status, page.text.includes(`Лаборатория ${slug}`)]).toEqual([200, true]);
    }
    const { containers } = await inventory(other.place.server);
    expect(containers).toEqual(
      [...slugs.map((slug) => `alfa-${slug}`), 'alfa-database', 'alfa-proxy'].sort(),
    );
  },
  timeoutMs,
);

test('it goes on taking nobody until that is ended, and is chosen again afterwards', async () => {
  expect(await create('next')).toMatchObject({ serverId: other.serverId });
  const ended = await world.call('DELETE', `/servers/${old.serverId}/drain`);
  expect([ended.status, ended.body.data.attributes.state]).toEqual([200, 'ready']);
  expect(await create('last')).toMatchObject({
    serverId: old.serverId,
    reason: expect.stringContaining('old has the lowest share of places taken'),
  });
  const { body } = await world.call('GET', `/servers/${old.serverId}/history?page[size]=100`);
  const kinds = body.data.map(({ attributes }: Resource) => attributes['kind']);
  expect(kinds).toEqual(expect.arrayContaining(['ServerDrainingEnded']));
});

/** Servers that have the image of that name, by `GET /images`; null: it lists no such image. */
const presenceOf = async (reference: string): Promise<string[] | null> => {
  const path = `/images?filter[reference]=${encodeURIComponent(reference)}`;
  const { data } = (await world.call('GET', path)).body;
  const [image] = data as { attributes: { presence: { serverId: string }[] } }[];
  return image?.attributes.presence.map(({ serverId }) => serverId).toSorted() ?? null;
};

test.each(['create', 'switch'])(
  'an image that only another server has is brought from there to %s a client, and then told to be on both',
  async (way) => {
    const reference = `alfa/client:for-${way}`;
    const name = { repository: 'alfa/client', tag: `for-${way}` };
    await buildAnew(other.machine.engine.docker, name, world.images.client);
    const becomesOn = (...sites: Site[]) =>
      eventually(
        `${reference} is on ${sites.length} servers`,
        async () =>
          JSON.stringify(await presenceOf(reference)) ===
          JSON.stringify(sites.map(({ serverId }) => serverId).toSorted()),
        { timeoutMs: 90_000 },
      );
    await becomesOn(other);
    if (way === 'create') {
      const document = clientDocument(old.serverId, 'far', reference);
      const { body } = await world.call('POST', '/clients/create', document);
      clients.set('far', body.data.id);
      expect((await followCreation(world.call, body.data.id)).attributes).toMatchObject({ completed: 'ok' });
    } else {
      const path = `/clients/${clients.get('far')}/switch?targetImage=${encodeURIComponent(reference)}`;
      const switched = await act(world.call, 'POST', path);
      expect([switched.status, switched.error]).toEqual(['ok', null]);
    }
    const { attributes, relationships } = await client('far');
    expect([attributes.image, relationships.server.data.id]).toEqual([reference, old.serverId]);
    await becomesOn(old, other);
  },
  180_000,
);
