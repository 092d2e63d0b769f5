import { expect, test } from '@jest/globals';
import { type ClientView, deriveId, type Queries } from '@alfa-cloud/contracts';
import Devour from 'devour-client';
import { Jsona } from 'jsona';
import Kitsu from 'kitsu';
import {
  basic,
  clientView,
  gatewaysOfTest,
  login,
  newClient,
  password,
  rejecting,
  type RunningGateway,
  serverId,
  serverView,
} from './support.ts';

// Libraries of others that know JSON:API and nothing of Alfa Cloud, each as its documentation shows it.

const start = gatewaysOfTest();
const total = 130;
const idOf = (index: number): string => deriveId('foreign', String(index));

const servers = Array.from({ length: 3 }, (_, index) => ({
  ...serverView,
  id: deriveId('foreign-server', String(index)),
  name: `cloud-${index}`,
}));
const clients: ClientView[] = Array.from({ length: total }, (_, index) => ({
  ...clientView,
  id: idOf(index),
  slug: `lab-${index}`,
  name: `Лаборатория ${index}`,
  serverId: servers[index % servers.length]?.id ?? '',
}));

const listed = ({ page, includeServers }: Queries['ListClients']['request']) => {
  const items = clients.slice((page.number - 1) * page.size, page.number * page.size);
  const wanted = new Set(items.map((client) => client.serverId));
  return { items, total, servers: includeServers ? servers.filter(({ id }) => wanted.has(id)) : [] };
};

/** A gateway over generated read models; a change of a client shows in them. */
const startWorld = async (answer?: Parameters<typeof rejecting>[0]) => {
  let changed: Partial<ClientView> = {};
  const gateway = await start({
    ...(answer === undefined ? {} : { answer: rejecting(answer) }),
    queries: {
      ListClients: async (request) => ({ result: listed(request) }),
      GetClient: async ({ id }) => {
        const client = clients.find((one) => one.id === id) ?? clientView;
        const server = servers.find((one) => one.id === client.serverId) ?? serverView;
        return { result: { ...client, ...changed, server } };
      },
    },
  });
  return { gateway, change: (by: Partial<ClientView>) => void (changed = by) };
};

const { attributes: made } = newClient({ slug: 'lab-new' })['data'] as {
  attributes: Record<string, unknown>;
};
const taken = { code: 'slug_taken' as const, detail: 'The slug is taken', pointer: '/data/attributes/slug' };
const sentOf = ({ commands }: RunningGateway) => commands.sent.at(-1);

test('kitsu', async () => {
  const { gateway, change } = await startWorld();
  const api = (url: string) =>
    new Kitsu({
      baseURL: url,
      headers: { Authorization: basic(login, password) },
      // The types of this API are words with hyphens, in the plural already.
      camelCaseTypes: false,
      pluralize: false,
    });
  const kitsu = api(gateway.url);
  const page = await kitsu.get('clients', {
    params: { page: { number: 2, size: 50 }, include: 'server', fields: { clients: 'name,server' } },
  });
  expect(page.data).toHaveLength(50);
  expect(page.data[0]).toMatchObject({ id: idOf(50), type: 'clients', name: 'Лаборатория 50' });
  expect(page.data[0].slug).toBeUndefined();
  expect(page.data[0].server.data).toMatchObject({ type: 'servers', name: 'cloud-2' });
  expect([page.meta.total, page.links.next]).toEqual([total, expect.stringMatching(/number[^&]*=3/)]);

  const created = await kitsu.request({
    method: 'POST',
    url: 'clients/create',
    type: 'clients',
    body: { ...made, server: { data: { type: 'servers', id: serverId } } },
  });
  expect([created.status, created.data.slug]).toEqual([202, 'lab-new']);
  expect(sentOf(gateway)).toMatchObject({ name: 'CreateClient', data: { serverId } });

  change({ notes: 'calls back' });
  const patched = await kitsu.patch('clients', { id: idOf(7), notes: 'calls back' });
  expect(patched.data).toMatchObject({ id: idOf(7), notes: 'calls back' });
  expect(sentOf(gateway)).toMatchObject({ name: 'ChangeClient', data: { clientId: idOf(7) } });

  const refusing = await startWorld(taken);
  const refused = api(refusing.gateway.url).patch('clients', { id: idOf(7), notes: 'x' });
  await expect(refused).rejects.toMatchObject({
    errors: [{ code: 'slug_taken', source: { pointer: '/data/attributes/slug' } }],
  });
});

test('devour-client', async () => {
  const { gateway, change } = await startWorld();
  const api = (url: string) => {
    const devour = new Devour({ apiUrl: url, auth: { username: login, password }, logger: false });
    devour.define('server', { name: '' });
    const client = { name: '', slug: '', email: '', notes: '', expireDate: '', image: '' };
    const server = { jsonApi: 'hasOne', type: 'servers' };
    devour.define('client', { ...client, server });
    devour.define('newClient', { ...client, server }, { collectionPath: 'clients/create', type: 'clients' });
    return devour;
  };
  const devour = api(gateway.url);
  const page = await devour.findAll('client', { page: { number: 3, size: 50 }, include: 'server' });
  expect(page.data).toHaveLength(30);
  expect(page.data[0]).toMatchObject({ id: idOf(100), slug: 'lab-100', server: { name: 'cloud-1' } });
  expect([page.meta['total'], page.links['next']]).toEqual([total, null]);

  const created = await devour.create('newClient', { ...made, server: { id: serverId } });
  expect(created.data).toMatchObject({ type: 'clients', slug: 'lab-new' });
  expect(sentOf(gateway)).toMatchObject({ name: 'CreateClient', data: { serverId } });

  change({ notes: 'calls back' });
  const patched = await devour.update('client', { id: idOf(7), notes: 'calls back' });
  expect(patched.data).toMatchObject({ id: idOf(7), notes: 'calls back' });

  const refusing = await startWorld(taken);
  const refused = api(refusing.gateway.url).update('client', { id: idOf(7), notes: 'x' });
  await expect(refused).rejects.toMatchObject({ slug: { detail: 'The slug is taken' } });
});

test('jsona', async () => {
  const { gateway, change } = await startWorld();
  const jsona = new Jsona();
  const read = async (path: string) => jsona.deserialize((await gateway.send(path)).text);
  const [first] = [await read('/clients?page%5Bsize%5D=50&include=server&fields%5Bservers%5D=name')].flat();
  expect(first).toMatchObject({ id: idOf(0), slug: 'lab-0', server: { type: 'servers', name: 'cloud-0' } });

  const stuff = { type: 'clients', ...made, server: { type: 'servers', id: serverId } };
  const document = jsona.serialize({
    stuff: { ...stuff, relationshipNames: ['server'] },
    includeNames: [],
  });
  const created = await gateway.send('/clients/create', { body: document });
  expect([created.status, jsona.deserialize(created.text)]).toMatchObject([202, { slug: 'lab-new' }]);
  expect(sentOf(gateway)).toMatchObject({ name: 'CreateClient', data: { serverId } });

  change({ notes: 'calls back' });
  const body = jsona.serialize({ stuff: { type: 'clients', id: idOf(7), notes: 'calls back' } });
  const patched = await gateway.send(`/clients/${idOf(7)}`, { method: 'PATCH', body });
  expect(jsona.deserialize(patched.text)).toMatchObject({ id: idOf(7), notes: 'calls back' });
});
