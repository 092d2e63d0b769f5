import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inventory } from '@alfa-cloud/provisioner';
import { eventually, startFarm, type Farm, type FarmServer } from '@alfa-cloud/testing';
import { factOf, visit } from './support/browser.ts';
import {
  act,
  clientDocument,
  finished,
  followCreation,
  type Operation,
  type Resource,
} from './support/caller.ts';
import { onFarm, type Place } from './support/place.ts';
import { startWorld, type World } from './support/world.ts';

/** One server with the client that lives there. */
interface Site {
  machine: FarmServer;
  place: Place;
  slug: string;
  serverId: string;
  clientId: string;
}

let farm: Farm;
let world: World;
let sites: [Site, Site, Site];

beforeAll(async () => {
  farm = await startFarm([{ docker: true }, { docker: true }, { docker: true }]);
  sites = farm.servers.map((machine, index) => ({
    machine,
    place: onFarm(farm, machine),
    slug: ['ada', 'ben', 'cyd'][index] ?? '',
    serverId: '',
    clientId: '',
  })) as typeof sites;
  world = await startWorld({
    place: sites[0].place,
    env: {
      ALFA_AVAILABILITY_INTERVAL_S: '1',
      ALFA_SERVER_WATCH_INTERVAL_S: '1',
      ALFA_BACKUP_EVERY_H: '0',
    },
  });
  await Promise.all(
    sites.map(async (site) => {
      const { connection } = site.place;
      const { id } = await world.register({ connection, name: site.slug, domain: `${site.slug}.localhost` });
      site.serverId = id;
    }),
  );
}, 300_000);
afterAll(async () => {
  await world?.dispose();
  await Promise.all((sites ?? []).map(({ place }) => place.dispose()));
  await farm?.dispose();
});

const create = async (site: Site, slug: string): Promise<string> => {
  const document = clientDocument(site.serverId, slug, 'alfa/client:1', { demo: true });
  const { body } = await world.call('POST', '/clients/create', document);
  expect((await followCreation(world.call, body.data.id)).attributes).toMatchObject({ completed: 'ok' });
  return body.data.id;
};

const client = async ({ clientId }: Site) => (await world.call('GET', `/clients/${clientId}`)).body.data;
const healthOf = async ({ serverId }: Site) =>
  (await world.call('GET', `/servers/${serverId}`)).body.data.attributes.health;
const page = async (site: Site) =>
  visit((await client(site)).links.cloud, '/', { machine: site.machine.address });
const versions = () => Promise.all(sites.map(async (site) => factOf((await page(site)).text, 'version')));

/** The children's ends by the slugs of their clients. */
const childrenOf = async (id: string): Promise<Record<string, { status: string; code: string | null }>> => {
  const { data } = (await world.call('GET', `/operations?filter[parent]=${id}&page[size]=100`)).body;
  return Object.fromEntries(
    (data as Resource[]).map(({ attributes, relationships }) => {
      const target = relationships?.['target']?.data as { id: string };
      const { slug } = sites.find(({ clientId }) => clientId === target.id) as Site;
      const { status, error } = attributes as unknown as Operation;
      return [slug, { status, code: error?.code ?? null }];
    }),
  );
};
const allOk = Object.fromEntries(['ada', 'ben', 'cyd'].map((slug) => [slug, { status: 'ok', code: null }]));

test('clients are created on three servers at once, each there and nowhere else', async () => {
  await Promise.all(sites.map(async (site) => (site.clientId = await create(site, site.slug))));
  for (const site of sites) {
    const { containers, databases, clientFiles } = await inventory(site.place.server);
    expect({ containers, databases, clientFiles }).toEqual({
      containers: [`alfa-${site.slug}`, 'alfa-database', 'alfa-proxy'].sort(),
      databases: [`alfa_${site.slug}`],
      clientFiles: ['client.env', 'owner.json', 'vhost.conf'].map((file) => `${site.slug}/${file}`),
    });
    expect((await page(site)).text).toContain(`Лаборатория ${site.slug}`);
  }
});

test.each([
  ['switch_all?targetImage=alfa/client:2', 'POST'],
  ['migrate_all', 'POST'],
  ['deploy', 'POST'],
])('%s goes over all of them', async (path, method) => {
  const end = await act(world.call, method, `/clients/${path}`);
  expect([end.status, end.error]).toEqual(['ok', null]);
  expect(await childrenOf(end.id)).toEqual(allOk);
  expect(await versions()).toEqual(['2', '2', '2']);
});

const becomes = (site: Site, available: boolean | null) =>
  eventually(
    `${site.slug} is ${available}`,
    async () => (await client(site)).attributes.available === available,
    { timeoutMs: 90_000 },
  );

test('one server away: its clients and itself say so, the others go on; back again, all is true again', async () => {
  const [ada, ben, cyd] = sites;
  for (const site of sites) await becomes(site, true);
  const cutAt = Date.now();
  await ben.machine.cutCable();
  const downAt = eventually(
    'an attempt to reach it has failed',
    async () => {
      const { link } = (await world.call('GET', `/servers/${ben.serverId}`)).body.meta;
      return link.status === 'down' && link.failure !== null ? Date.now() : undefined;
    },
    { timeoutMs: 90_000 },
  );
  // What is observed may be shown a moment before the event that gives the reason.
  const attributes = await eventually(
    'its client says why',
    async () => {
      const shown = (await client(ben)).attributes;
      return shown.unavailableReason === 'the server does not answer' && shown;
    },
    { timeoutMs: 90_000 },
  );
  expect(attributes).toMatchObject({ status: 'active', available: null });
  // The look that found it may have begun just before the cut.
  expect(Date.parse(attributes.availableCheckedAt)).toBeGreaterThan(cutAt - 30_000);
  await eventually('its server is down', async () => (await healthOf(ben)) === 'down', { timeoutMs: 60_000 });

  const late = await create(ada, 'late');
  expect((await act(world.call, 'POST', `/clients/${cyd.clientId}/reboot`)).status).toBe('ok');
  for (const site of [ada, cyd]) {
    await becomes(site, true);
    await eventually(`the server of ${site.slug} is well`, async () => (await healthOf(site)) === 'ok');
  }
  const gone = await world.call('DELETE', `/clients/${late}?confirm=late`);
  expect((await finished(world.call, gone.body.data.id)).status).toBe('ok');

  const plan = (await world.call('POST', '/clients/migrate_all?dryRun=true')).body.data.attributes;
  expect(plan.awayServers).toEqual([
    {
      serverId: ben.serverId,
      code: 'server_unreachable',
      reason: expect.stringContaining('does not answer'),
    },
  ]);
  expect(plan.clients.at(-1)).toMatchObject({ slug: 'ben' });
  // A server that was away for less than 30 s is waited for.
  const refusedFrom = (await downAt) + 31_000;
  await eventually('it has been away for long', async () => Date.now() > refusedFrom, { timeoutMs: 60_000 });
  const refused = await act(world.call, 'POST', `/clients/${ben.clientId}/reboot`).catch(String);
  expect(JSON.stringify(refused)).toContain('server_unreachable');
  const halfAway = { ...allOk, ben: { status: 'error', code: 'server_unreachable' } };
  const ends: Operation[] = [];
  for (const path of ['switch_all?targetImage=alfa/client:1', 'migrate_all']) {
    const end = await act(world.call, 'POST', `/clients/${path}`);
    expect([path, end.status, end.error?.code]).toEqual([path, 'error', 'children_failed']);
    expect([path, await childrenOf(end.id)]).toEqual([path, halfAway]);
    ends.push(end);
  }

  await ben.machine.mendCable();
  const isConnected = async () =>
    (await world.call('GET', `/servers/${ben.serverId}`)).body.meta.link.status === 'up';
  await eventually('its server is connected to', isConnected, { timeoutMs: 60_000 });
  for (const { id } of ends) {
    const end = await act(world.call, 'POST', `/operations/${id}/retry`);
    expect([end.status, end.error]).toEqual(['ok', null]);
    expect(await childrenOf(end.id)).toEqual({ ben: allOk['ben'] });
  }
  await becomes(ben, true);
  await eventually('its server is well', async () => (await healthOf(ben)) === 'ok', { timeoutMs: 90_000 });
  expect((await page(ben)).status).toBe(200);
  for (const site of sites) {
    expect(await client(site)).toMatchObject({
      attributes: { maintenance: null, available: true },
      relationships: { runningOperation: { data: null } },
    });
  }
}, 600_000);
