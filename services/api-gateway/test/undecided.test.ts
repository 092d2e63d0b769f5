import { expect, test } from '@jest/globals';
import { deriveId, reject, type MailView } from '@alfa-cloud/contracts';
import {
  backupView,
  clientId,
  codesOf,
  gatewaysOfTest,
  newClient,
  newServer,
  operationId,
  operationView,
  password,
  type Reply,
  type RunningGateway,
  type Sending,
  serverId,
} from './support.ts';

const start = gatewaysOfTest();

const body = (type: string, attributes: Record<string, unknown>): Sending['body'] => ({
  data: { type, attributes },
});
const client = { data: { type: 'clients', id: clientId } };

/** A move, whose client its former server keeps. */
const moveId = deriveId('test', 'move');

/** A request for every path that sends a command, by the path of its route. */
const wishes: Record<string, { path: string } & Sending> = {
  'POST /servers/create': { path: '/servers/create', body: newServer() },
  'PATCH /servers/{id}': { path: `/servers/${serverId}`, body: body('servers', { name: 'other' }) },
  'DELETE /servers/{id}': { path: `/servers/${serverId}` },
  'POST /clients/create': { path: '/clients/create', body: newClient() },
  'PATCH /clients/{id}': { path: `/clients/${clientId}`, body: body('clients', { notes: 'n' }) },
  'DELETE /clients/{id}': { path: `/clients/${clientId}?confirm=lab-one` },
  'PATCH /clients/{id}/expire_date': {
    path: `/clients/${clientId}/expire_date`,
    body: body('clients', { expireDate: '2027-12-31', reason: 'paid' }),
  },
  'PATCH /clients/{id}/settings': {
    path: `/clients/${clientId}/settings`,
    body: body('cloud-settings', { tutorial: false }),
  },
  'POST /clients/owner_password': {
    path: '/clients/owner_password',
    body: {
      data: {
        type: 'owner-passwords',
        attributes: { password: 'another one' },
        relationships: { client },
      },
    },
  },
  'POST /clients/{id}/restore': {
    path: `/clients/${clientId}/restore`,
    body: body('restorations', { backupId: backupView.id, confirm: true }),
  },
  'POST /webhooks': {
    path: '/webhooks',
    body: body('webhooks', { url: 'https://hooks.test/', events: ['bulk.failed'] }),
  },
  'PATCH /webhooks/{id}': { path: `/webhooks/${clientId}`, body: body('webhooks', { active: false }) },
  'POST /servers/{id}/accept_host_key': {
    path: `/servers/${clientId}/accept_host_key`,
    body: body('host-keys', { fingerprint: `SHA256:${'A'.repeat(43)}` }),
  },
  'PATCH /repository': {
    path: '/repository',
    body: body('repositories', { dockerfile: 'docker/Dockerfile' }),
  },
  'POST /cloud_admin_password': {
    path: '/cloud_admin_password',
    body: body('cloud-admin-passwords', { currentPassword: password, newPassword: 'Quite-Another-7' }),
  },
  'POST /clients/{id}/switch': { path: `/clients/${clientId}/switch?targetImage=alfa:2` },
  'POST /clients/{id}/copy_to': { path: `/clients/${clientId}/copy_to?targetServer=${serverId}` },
  'POST /clients/move_to': {
    path: `/clients/move_to?clientId=${clientId}&targetServer=${serverId}`,
  },
  'POST /clients/switch_all': { path: '/clients/switch_all?targetImage=alfa:2' },
  'POST /operations/{id}/undo': { path: `/operations/${moveId}/undo` },
  'POST /operations/{id}/release': { path: `/operations/${moveId}/release` },
  'POST /operations/{id}/retry': { path: `/operations/${operationId}/retry` },
};

/** Its answer names the operation to be cancelled. */
const withoutAddress = ['POST /operations/{id}/cancel'];

const commanding = ({ gateway }: RunningGateway): string[] => {
  const methods = ['POST', 'PATCH', 'DELETE'];
  return gateway.routes
    .filter(({ method }) => methods.includes(method))
    .map(({ method, path }) => `${method} ${path}`)
    .filter((route) => !withoutAddress.includes(route));
};

const absent = async () => {
  throw reject('not_found', 'There is nothing with this id');
};

const wish = (gateway: RunningGateway, route: string): Promise<Reply> => {
  const [method = '', path = ''] = route.split(' ');
  const { path: asked, ...sending } = wishes[route] ?? { path: path.replace('{id}', clientId) };
  return gateway.send(asked, { method, ...sending });
};

test('whatever command is stored and not decided on: the address in its answer is found, and its operation accepted', async () => {
  const move = {
    ...operationView,
    id: moveId,
    kind: 'client.move',
    target: { type: 'client', id: clientId },
  } as const;
  const gateway = await start({
    answer: () => 'stored',
    queries: {
      GetOperation: async ({ id }) => {
        const known = [move, operationView].find((operation) => operation.id === id);
        return known === undefined ? absent() : { result: known };
      },
      // Of a mail only its client is asked for.
      GetMail: async () => ({ result: { clientId } as MailView }),
    },
  });
  const routes = commanding(gateway);
  expect(routes.length).toBeGreaterThan(15);
  for (const route of routes) {
    const told = await wish(gateway, route);
    expect([route, told.status, told.headers['alfa-position']]).toEqual([route, 202, undefined]);
    const address = told.headers['content-location'] ?? '';
    const found = await gateway.send(address);
    expect([route, found.status]).toEqual([route, 200]);
    expect(found.json.data).toMatchObject({
      type: 'operations',
      attributes: { status: 'accepted', actor: 'admin', steps: [], finishedAt: null },
    });
    expect((await gateway.send(`${address}/log`)).json.data).toMatchObject({
      attributes: { status: 'accepted', entries: [] },
    });
    const retried = await gateway.send(`${address}/retry`, { method: 'POST' });
    expect([route, retried.status, ...codesOf(retried)]).toEqual([route, 409, 'operation_not_finished']);
  }
  expect(JSON.stringify(gateway.lines)).not.toContain('another one');
});

test('a creation that is not decided on: its client, its server and its log are found under their addresses', async () => {
  const gateway = await start({ answer: () => 'stored' });
  const created = await wish(gateway, 'POST /clients/create');
  const { id } = created.json.data as { id: string };
  expect((await gateway.send(`/clients/${id}`)).json.data).toMatchObject({
    id,
    attributes: { status: 'creating', slug: 'lab-one', name: null, email: null },
  });
  expect((await gateway.send(`/clients/${id}/create_log`)).json.data).toMatchObject({
    attributes: { completed: null, status: 'accepted', entries: [] },
  });
  expect((await gateway.send(`/clients/${id}?asOf=2026-11-22T18:00:00Z`)).status).toBe(404);
  const registered = await wish(gateway, 'POST /servers/create');
  const server = await gateway.send(`/servers/${(registered.json.data as { id: string }).id}`);
  expect(server.json.data).toMatchObject({ attributes: { status: 'preparing', name: 'cloud-1' } });
});

test('an operation not begun can not be cancelled; one whose wish was refused is told as the read models tell it', async () => {
  const notFound = { code: 'not_found', detail: 'It does not exist' } as const;
  const gateway = await start({
    answer: (command) =>
      command.name === 'CancelOperation'
        ? { outcome: 'rejected', fingerprint: command.fingerprint, faults: [notFound] }
        : 'stored',
    queries: {
      GetClient: async () => {
        throw reject('not_found', 'It was not created: the slug is taken', { meta: { operationId } });
      },
    },
  });
  const created = await wish(gateway, 'POST /clients/create');
  const address = created.headers['content-location'] ?? '';
  const cancelled = await gateway.send(`${address}/cancel`, { method: 'POST' });
  expect([cancelled.status, ...codesOf(cancelled)]).toEqual([409, 'operation_not_begun']);
  const refused = await gateway.send(`/clients/${(created.json.data as { id: string }).id}`);
  expect(refused.status).toBe(404);
  expect(refused.json.errors).toMatchObject([{ detail: 'It was not created: the slug is taken' }]);
  const unknown = `/operations/${deriveId('nobody', 'knows')}`;
  expect([
    (await gateway.send(unknown)).status,
    (await gateway.send(`${unknown}/cancel`, { method: 'POST' })).status,
  ]).toEqual([404, 404]);
});

test('a cancel of an operation not begun is not even sent: decided on before its operation, it would be lost', async () => {
  const sent: string[] = [];
  const gateway = await start({
    answer: ({ name }) => {
      sent.push(name);
      return 'stored';
    },
  });
  const address = (await wish(gateway, 'POST /clients/create')).headers['content-location'] ?? '';
  const cancelled = await gateway.send(`${address}/cancel`, { method: 'POST' });
  expect([cancelled.status, ...codesOf(cancelled)]).toEqual([409, 'operation_not_begun']);
  expect(sent).toEqual(['CreateClient']);
});

test('while the event store can not be asked, an address that was given out is still found and an unknown one is not denied', async () => {
  const unchecked = async () => {
    throw reject('unavailable', 'It can not be told', { meta: { unchecked: true } });
  };
  const gateway = await start({
    answer: () => 'stored',
    queries: { GetOperation: unchecked, GetOperationLog: unchecked, GetClient: absent },
  });
  const told = await wish(gateway, 'DELETE /clients/{id}');
  expect((await gateway.send(told.headers['content-location'] ?? '')).status).toBe(200);
  expect((await gateway.send(`/operations/${deriveId('nobody', 'knows')}`)).status).toBe(503);
});
