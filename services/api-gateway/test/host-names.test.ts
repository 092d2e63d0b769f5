import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { commandCatalogue, conforms } from '@alfa-cloud/contracts';
import {
  clientId,
  clientView,
  newClient,
  newServer,
  type RunningGateway,
  serverId,
  serverView,
  startGateway,
} from './support.ts';

const stored = 'xn--80aac3alubocs0m.xn--p1ai';
const shown = 'лаборатория.рф';
const view = { ...clientView, aliases: [stored, 'lab.example'], email: `info@${stored}` };
const server = { ...serverView, domain: stored };

let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await startGateway({
    queries: {
      GetClient: async () => ({ result: { ...view, server } }),
      GetServer: async () => ({ result: server }),
    },
  });
});
afterAll(() => gateway.stop());

const sent = () => gateway.commands.sent.at(-1);
const changes = (type: string, id: string, attributes: object) => ({ data: { type, id, attributes } });

test('international names are stored in ASCII and shown in their script', async () => {
  const body = changes('clients', clientId, {
    aliases: ['ЛАБОРАТОРИЯ.рф.', 'Lab.Example', 'lab.example'],
    email: `info@${shown}`,
  });
  const reply = await gateway.send(`/clients/${clientId}`, { method: 'PATCH', body });
  expect(reply.status).toBe(200);
  expect(conforms(commandCatalogue.ChangeClient.data, sent()?.data)).toBe(true);
  expect(sent()?.data).toMatchObject({ aliases: [stored, 'lab.example'] });
  expect(reply.json.data).toMatchObject({
    attributes: {
      aliases: [shown, 'lab.example'],
      aliasesAscii: [stored, 'lab.example'],
      email: `info@${shown}`,
    },
  });
});

test('what is shown can be sent back', async () => {
  const { json } = await gateway.send(`/clients/${clientId}`);
  const { aliases, email } = (json.data as { attributes: { aliases: string[]; email: string } }).attributes;
  const body = changes('clients', clientId, { aliases, email });
  await gateway.send(`/clients/${clientId}`, { method: 'PUT', body });
  expect(sent()?.data).toMatchObject({ aliases: view.aliases });
});

test('the domain of a server is stored in ASCII and shown in its script', async () => {
  const created = await gateway.send('/servers/create', { body: newServer({ domain: 'Лаборатория.РФ' }) });
  expect(created.json.data).toMatchObject({ attributes: { domain: shown, domainAscii: stored } });
  expect(sent()?.data).toMatchObject({ domain: stored });
  expect(conforms(commandCatalogue.RegisterServer.data, sent()?.data)).toBe(true);
  const body = changes('servers', serverId, { domain: shown });
  await gateway.send(`/servers/${serverId}`, { method: 'PATCH', body });
  expect(sent()?.data).toEqual({ serverId, domain: stored });
});

test('an address with such a domain is that of a new client, and in ASCII its login', async () => {
  const { status, json } = await gateway.send('/clients/create', {
    body: newClient({ email: `info@${shown}` }),
  });
  expect(status).toBe(202);
  expect(json.data).toMatchObject({ attributes: { email: `info@${shown}`, ownerLogin: `info@${stored}` } });
});

test.each(['localhost', '1.2.3.4', '[::1]', 'health.alfa.internal', 'lab'])(
  '%s is refused as an alias and as a domain, with its place and what is allowed',
  async (name) => {
    const before = gateway.commands.sent.length;
    const asAlias = await gateway.send(`/clients/${clientId}`, {
      method: 'PATCH',
      body: changes('clients', clientId, { aliases: ['lab.example', name] }),
    });
    const asDomain = await gateway.send('/servers/create', { body: newServer({ domain: name }) });
    const detail = expect.stringMatching(/^must .* like "lab\.example\.org"$/);
    for (const [reply, pointer] of [
      [asAlias, '/data/attributes/aliases/1'],
      [asDomain, '/data/attributes/domain'],
    ] as const) {
      expect(reply.status).toBe(422);
      expect(reply.json.errors).toMatchObject([{ code: 'validation_failed', detail, source: { pointer } }]);
    }
    expect(gateway.commands.sent).toHaveLength(before);
  },
);
