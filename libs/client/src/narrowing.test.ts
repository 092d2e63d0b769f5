import { expect, test } from '@jest/globals';
import { createClient } from './client.ts';

const id = '5b2c4f0e-7a1d-4c3e-9f64-2d8f1a6b7c90';
const server = { type: 'servers', id, attributes: { name: 'cloud-1' }, relationships: {} };
const client = {
  type: 'clients',
  id,
  attributes: { name: 'Lab', slug: 'lab' },
  relationships: { server: { data: { type: 'servers', id } } },
};

/** Answers every request with the same document. */
const answering = (document: object, status = 200) =>
  createClient({
    login: 'admin',
    password: 'secret',
    fetch: async () => Response.json(document, { status }),
  });

/** Compiles only where both are the same type. */
const same = <Expected>() => ({
  as: <Given>(_value: Given, ..._proof: Same<Given, Expected> extends true ? [] : [never]) => undefined,
});
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

// Each line below an expected error fails to compile as soon as the types let it pass.

test('fields leave nothing of the type but what they name', async () => {
  const alfa = answering({ data: client });
  const { data } = await alfa.get('/clients/{id}', { id, fields: { clients: ['name', 'server'] } });
  same<string | null>().as(data.name);
  expect([data.name, data.server?.id]).toEqual(['Lab', id]);
  // @ts-expect-error -- the slug was not asked for
  void data.slug;
  // @ts-expect-error -- without include a server is only referred to
  void data.server?.name;
  const whole = await alfa.get('/clients/{id}', { id });
  same<'creating' | 'active' | 'failed'>().as(whole.data.status);
});

test('what is included has its attributes, as far as fields leave them', async () => {
  const alfa = answering({ data: [client], included: [server], meta: { total: 1 } });
  const { data, meta } = await alfa.get('/clients', {
    query: { 'filter[status]': 'active', sort: ['name', '-slug'] },
    include: ['server'],
    fields: { servers: ['name'] },
  });
  same<number>().as(meta.total);
  same<string | undefined>().as(data[0]?.server?.name);
  expect([data[0]?.server?.name, data[0]?.slug, meta.total]).toEqual(['cloud-1', 'lab', 1]);
  // @ts-expect-error -- of servers only the name was asked for
  void data[0]?.server?.health;
  for await (const one of alfa.all('/clients', { include: ['server'] })) {
    same<'ok' | 'degraded' | 'down' | 'unknown' | undefined>().as(one.server?.health);
    break;
  }
});

test('an answer is told apart by its status', async () => {
  const operation = { type: 'operations', id, attributes: { status: 'accepted' } };
  const alfa = answering({ data: operation, meta: { operationId: id } }, 202);
  const answer = await alfa.patch('/clients/{id}/expire_date', {
    id,
    attributes: { expireDate: '2027-12-31', reason: 'Paid' },
  });
  same<200 | 202>().as(answer.status);
  // @ts-expect-error -- it may be the operation, which has no such attribute
  void answer.data.slug;
  if (answer.status === 202) same<'operations'>().as(answer.data.type);
  else same<string>().as(answer.data.slug);
  expect(answer).toMatchObject({ status: 202, data: { status: 'accepted' } });
});

test('what a route does not know, or needs, is an error before anything is sent', () => {
  const alfa = answering({ data: [] });
  const wrong = [
    // @ts-expect-error -- no such path
    () => alfa.get('/client'),
    // @ts-expect-error -- an id stands in the path
    () => alfa.get('/clients/{id}'),
    // @ts-expect-error -- nothing of that name can be included
    () => alfa.get('/clients', { include: ['operation'] }),
    // @ts-expect-error -- servers include nothing
    () => alfa.get('/servers', { include: ['operation'] }),
    // @ts-expect-error -- clients have no such attribute
    () => alfa.get('/clients', { fields: { clients: ['nam'] } }),
    // @ts-expect-error -- no answer of this path has resources of that type
    () => alfa.get('/clients', { fields: { clients: ['name'], builds: ['image'] } }),
    // @ts-expect-error -- no such filter
    () => alfa.get('/clients', { query: { 'filter[state]': 'active' } }),
    // @ts-expect-error -- no such status
    () => alfa.get('/clients', { query: { 'filter[status]': 'asleep' } }),
    // @ts-expect-error -- the reason is missing
    () => alfa.patch('/clients/{id}/expire_date', { id, attributes: { expireDate: '2027-12-31' } }),
    // @ts-expect-error -- the path does not tell this type
    () => alfa.patch('/clients/{id}/settings', { id, attributes: {} }),
    // @ts-expect-error -- an operation is no list
    () => alfa.all('/operations/{id}', { id }),
  ];
  const right = [
    () => alfa.post('/clients/{id}/reboot', { id, waitSeconds: 20 }),
    () => alfa.post('/clients/{id}/switch', { id, query: { targetImage: 'alfa-client:2' } }),
    () => alfa.delete('/clients/{id}', { id, query: { confirm: 'lab' } }),
    () => alfa.patch('/clients/{id}/settings', { id, type: 'cloud-settings', attributes: {} }),
    () => alfa.request<object[]>('GET', '/clients?page[number]=2'),
  ];
  expect([...wrong, ...right].every((call) => typeof call === 'function')).toBe(true);
});
