import { expect, test } from '@jest/globals';
import { commandCatalogue, conforms } from '@alfa-cloud/contracts';
import { clientId, codesOf, gatewaysOfTest, operationView, rejecting } from './support.ts';

const start = gatewaysOfTest();
const path = `/clients/${clientId}/switch`;

test.each(['GET', 'POST'])(
  '%s …/switch sends SwitchImage and answers 202 with its operation',
  async (method) => {
    const gateway = await start();
    const reply = await gateway.send(`${path}?targetImage=registry.test:5000/alfa-client:1.5.0`, { method });
    expect(reply.status).toBe(202);
    const targetImage = 'registry.test:5000/alfa-client:1.5.0';
    const [command] = gateway.commands.sent;
    expect(command).toMatchObject({ name: 'SwitchImage', data: { clientId, targetImage } });
    expect(conforms(commandCatalogue.SwitchImage.data, command?.data)).toBe(true);
    expect(reply.json.data).toMatchObject({
      type: 'operations',
      attributes: { kind: 'client.switch', status: 'accepted', parameters: { targetImage } },
      relationships: { target: { data: { type: 'clients', id: clientId } } },
    });
  },
);

test('a switch that was rolled back says so in the operation waited for', async () => {
  const error = { code: 'rolled_back', reason: 'not healthy; last lines: boom', step: 'healthy' };
  const gateway = await start({
    queries: {
      GetOperation: async ({ id }) => ({
        result: { ...operationView, id, kind: 'client.switch', status: 'error', error },
      }),
    },
  });
  const headers = { prefer: 'wait=30' };
  const reply = await gateway.send(`${path}?targetImage=alfa-client:1.5.0`, { method: 'POST', headers });
  expect(reply.status).toBe(200);
  expect(reply.json.data).toMatchObject({ attributes: { status: 'error', error } });
});

test.each([
  ['', 'invalid_parameter', 'targetImage'],
  ['?targetImage=', 'invalid_parameter', 'targetImage'],
  ['?targetImage=$(reboot)', 'invalid_parameter', 'targetImage'],
  ['?targetImage=--privileged', 'invalid_parameter', 'targetImage'],
  ['?targetImage=a&targetImage=b', 'repeated_parameter', 'targetImage'],
  ['?targetImage=a&dryRun=true', 'unknown_parameter', 'dryRun'],
])('switch%s is refused', async (query, code, parameter) => {
  const gateway = await start();
  const reply = await gateway.send(path + query, { method: 'POST' });
  expect(reply.status).toBe(400);
  expect(reply.json.errors).toMatchObject([{ code, source: { parameter } }]);
  expect(gateway.commands.sent).toEqual([]);
});

test.each([
  [{ code: 'image_not_on_server', detail: 'x', parameter: 'targetImage' }, 422],
  [{ code: 'image_in_use', detail: 'x', parameter: 'targetImage' }, 409],
  [{ code: 'client_not_active', detail: 'x' }, 409],
  [{ code: 'gone', detail: 'x' }, 410],
] as const)('a switch refused by its handler: %j', async (fault, status) => {
  const gateway = await start({ answer: rejecting(fault) });
  const reply = await gateway.send(`${path}?targetImage=a`, { method: 'POST' });
  expect([reply.status, ...codesOf(reply)]).toEqual([status, fault.code]);
  if ('parameter' in fault) {
    expect(reply.json.errors).toMatchObject([{ source: { parameter: fault.parameter } }]);
  }
});

test('without an image to go back to a rollback is a conflict', async () => {
  const gateway = await start({ answer: rejecting({ code: 'client_has_no_previous_image', detail: 'x' }) });
  const reply = await gateway.send(`/clients/${clientId}/rollback`, { method: 'POST' });
  expect([reply.status, ...codesOf(reply)]).toEqual([409, 'client_has_no_previous_image']);
});

test('a switch is not done by HEAD, nor in advance', async () => {
  const gateway = await start();
  const head = await gateway.send(`${path}?targetImage=a`, { method: 'HEAD' });
  expect([head.status, head.headers['allow']]).toEqual([405, 'GET, POST, OPTIONS']);
  const headers = { 'sec-purpose': 'prefetch' };
  expect((await gateway.send(`${path}?targetImage=a`, { headers })).status).toBe(403);
  expect(gateway.commands.sent).toEqual([]);
});
