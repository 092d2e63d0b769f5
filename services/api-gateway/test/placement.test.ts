import { expect, test } from '@jest/globals';
import { deriveId, reject } from '@alfa-cloud/contracts';
import { clientView, gatewaysOfTest, newClient, serverId, serverView } from './support.ts';

const start = gatewaysOfTest();

/** A creation that leaves the choice of the server to Alfa Cloud. */
const anywhere = () => {
  const { data } = newClient() as { data: { relationships?: object } };
  const { relationships: _, ...rest } = data;
  return { data: rest };
};

const placement = {
  reason: 'cloud-1 is the only server that can take the client; places taken there: 3 of 100',
  message: {
    template: '{} is the only server that can take the client; places taken there: {} of {}',
    values: ['cloud-1', 3, 100],
  },
};

const accepting = {
  answer: ({ id, fingerprint }: { id: string; fingerprint: string }) => ({
    outcome: 'accepted' as const,
    fingerprint,
    ids: { serverId, operationId: deriveId(id, 'operation') },
    position: '4711',
  }),
};

test('a creation without a server says which one was chosen and why, in the language asked for', async () => {
  const queries = {
    GetClient: async () => ({ result: { ...clientView, placement, server: serverView } }),
  };
  const gateway = await start({ ...accepting, queries });
  const reply = await gateway.send('/clients/create', { body: anywhere() });
  expect(gateway.commands.sent[0]?.data).not.toHaveProperty('serverId');
  expect(reply.status).toBe(202);
  expect(reply.json.meta).toMatchObject({ placement: { serverId, reason: placement.reason } });
  const server = { data: { type: 'servers', id: serverId } };
  expect(reply.json.data).toMatchObject({ relationships: { server } });
  const russian = await gateway.send('/clients/create', {
    body: anywhere(),
    headers: { 'accept-language': 'ru' },
  });
  expect(russian.json.meta).toMatchObject({
    placement: { reason: 'Взять клиента может только сервер cloud-1; занято мест: 3 из 100' },
  });
});

test('while the read models do not tell the reason, the answer has the server', async () => {
  const queries = {
    GetClient: async () => {
      throw reject('unavailable', 'not now');
    },
  };
  const gateway = await start({ ...accepting, queries });
  const { json } = await gateway.send('/clients/create', { body: anywhere() });
  expect(json.meta).toMatchObject({ placement: { serverId, reason: null } });
});

test('a creation not decided on yet has no server, nor does one that named it tell of a choice', async () => {
  const undecided = await start({ answer: () => 'stored' });
  const reply = await undecided.send('/clients/create', { body: anywhere() });
  expect(reply.status).toBe(202);
  expect(reply.json.meta).not.toHaveProperty('placement');
  expect(reply.json.data).toMatchObject({ relationships: { server: { data: null } } });
  const gateway = await start(accepting);
  const named = await gateway.send('/clients/create', { body: newClient() });
  expect(named.json.meta).not.toHaveProperty('placement');
});
