import { newId, type CopyPlanView, type Queries } from '@alfa-cloud/contracts';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { clientId, clientView, operationId, type RunningGateway, serverId, startGateway } from './support.ts';

const secret = 'UPDATE users SET token = "secret-of-masking"';
const copyId = newId();
const plan: CopyPlanView = {
  serverId,
  slug: 'lab-one-stage',
  image: 'alfa-client:1.4.0',
  replaces: { clientId: copyId, at: '2026-11-22T18:00:00.000Z' },
  source: { databaseBytes: 10, storageBytes: 20, files: 3 },
  obstacles: [{ code: 'server_full', detail: 'No room', parameter: 'targetServer' }],
};
const listed: Queries['ListClients']['request'][] = [];

let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await startGateway({
    queries: {
      PlanCopy: async () => ({ result: plan }),
      ListClients: async (request) => {
        listed.push(request);
        const copy = { ...clientView, id: copyId, sourceClientId: clientId, sourceSlug: null };
        const copies = [{ clientId: copyId, slug: 'lab-one-stage', serverId }];
        return { result: { items: [copy, { ...clientView, copies }], total: 2, servers: [] } };
      },
    },
  });
});
afterAll(() => gateway.stop());

const path = `/clients/${clientId}/copy_to?targetServer=${serverId}`;
const copies = (attributes: object) => ({ data: { type: 'copies', attributes } });

test.each(['GET', 'POST'])('%s asks for a copy', async (method) => {
  const reply = await gateway.send(`${path}&slug=trial&confirm=true`, { method });
  expect(reply.status).toBe(202);
  expect(reply.json.data).toMatchObject({ type: 'operations', id: expect.any(String) });
  expect(gateway.commands.sent.at(-1)).toMatchObject({
    name: 'CopyClient',
    data: { clientId, targetServer: serverId, slug: 'trial', confirm: true },
  });
  expect(operationId).not.toBe('');
});

test('SQL and password are sealed before they leave the gateway, and told nobody', async () => {
  const reply = await gateway.send(path, {
    method: 'POST',
    body: copies({ maskingSql: secret, ownerPassword: 'password of the copy' }),
  });
  expect(reply.status).toBe(202);
  const sent = gateway.commands.sent.at(-1) as { data: { maskingSql: string; ownerPassword: string } };
  expect(JSON.stringify(gateway.commands.sent)).not.toContain('secret-of-masking');
  expect(await gateway.vault.open(sent.data.maskingSql)).toBe(secret);
  expect(await gateway.vault.open(sent.data.ownerPassword)).toBe('password of the copy');
  expect(reply.text).not.toContain('secret-of-masking');
});

test.each([
  ['a server is needed', `/clients/${clientId}/copy_to`, {}, 400],
  ['a slug is one', `${path}&slug=A`, {}, 400],
  ['SQL has a limit', path, copies({ maskingSql: 'x'.repeat(65_537) }), 422],
  ['SQL is not empty', path, copies({ maskingSql: '' }), 422],
  ['SQL does not stand in the query', `${path}&maskingSql=x`, {}, 400],
  ['a password is no longer than its hash', path, copies({ ownerPassword: 'a'.repeat(73) }), 422],
] as const)('%s', async (_, wrong, body, status) => {
  const before = gateway.commands.sent.length;
  const sending = 'data' in body ? { body } : {};
  expect((await gateway.send(wrong, { method: 'POST', ...sending })).status).toBe(status);
  expect(gateway.commands.sent.length).toBe(before);
});

test('dryRun tells what would happen, and sends nothing', async () => {
  const before = gateway.commands.sent.length;
  const reply = await gateway.send(`${path}&dryRun=true`);
  expect(reply.status).toBe(200);
  expect(reply.json.data).toMatchObject({
    type: 'copy-plans',
    attributes: {
      slug: 'lab-one-stage',
      replaces: { clientId: copyId },
      obstacles: [{ status: '409', code: 'server_full', source: { parameter: 'targetServer' } }],
    },
  });
  expect(gateway.commands.sent.length).toBe(before);
});

test('a client names its source, also one that is gone, and its copies', async () => {
  const reply = await gateway.send('/clients?filter[copyOf]=any&fields[clients]=slug,copyOf,copies');
  expect(reply.json.data).toMatchObject([
    {
      relationships: {
        copyOf: { data: { type: 'clients', id: clientId }, meta: { slug: null, deleted: true } },
        copies: { data: [] },
      },
    },
    {
      relationships: {
        copyOf: { data: null },
        copies: { data: [{ type: 'clients', id: copyId, meta: { slug: 'lab-one-stage', serverId } }] },
      },
    },
  ]);
  await gateway.send(`/clients?filter[copyOf]=${clientId}`);
  expect(listed.map(({ filter }) => filter.copyOf)).toEqual(['any', clientId]);
  expect((await gateway.send('/clients?filter[copyOf]=maybe')).status).toBe(400);
});
