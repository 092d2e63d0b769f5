import { expect, test } from '@jest/globals';
import { clientId, gatewaysOfTest, operationView } from './support.ts';

const start = gatewaysOfTest();

test('an answer that has waited for the end tells a position at which that end is seen', async () => {
  let position = '4700';
  let looks = 0;
  const gateway = await start({
    queries: {
      GetOperation: async ({ id }) => {
        looks += 1;
        return { result: { ...operationView, id, status: looks === 1 ? 'running' : 'ok' } };
      },
    },
    position: () => position,
  });
  const send = (headers: Record<string, string>) =>
    gateway.send(`/clients/${clientId}/reboot`, { method: 'POST', headers });
  expect((await send({})).headers['alfa-position']).toBe('4711');
  position = '4800';
  const waited = await send({ prefer: 'wait=20' });
  expect([waited.status, waited.headers['alfa-position']]).toEqual([200, '4800']);
});

test('a command that was decided on only while its sender waited for the end tells where that end is seen', async () => {
  const gateway = await start({
    answer: () => 'stored',
    queries: { GetOperation: async ({ id }) => ({ result: { ...operationView, id, status: 'ok' } }) },
    position: () => '4800',
  });
  const headers = { prefer: 'wait=20' };
  const waited = await gateway.send(`/clients/${clientId}/reboot`, { method: 'POST', headers });
  expect([waited.status, waited.headers['alfa-position']]).toEqual([200, '4800']);
});
