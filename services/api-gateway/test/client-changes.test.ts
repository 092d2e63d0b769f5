import { expect, test } from '@jest/globals';
import { commandCatalogue, conforms, deriveId, reject } from '@alfa-cloud/contracts';
import {
  clientId,
  clientView,
  codesOf,
  gatewaysOfTest,
  now,
  operationId,
  operationView,
  rejecting,
  type RunningGateway,
  serverView,
  unknownId,
} from './support.ts';

const start = gatewaysOfTest();
const path = `/clients/${clientId}`;
const change = (attributes: unknown, more: Record<string, unknown> = {}) => ({
  data: { type: 'clients', attributes, ...more },
});

/** A change that nothing on the server has to follow. */
const onlyRecorded = {
  answer: ({ fingerprint }: { fingerprint: string }) => ({
    outcome: 'accepted' as const,
    fingerprint,
    ids: { clientId },
    position: '4711',
  }),
};

test.each(['PUT', 'PATCH'])(
  '%s answers the client as changed and tells what is being done',
  async (method) => {
    const gateway = await start({
      queries: {
        GetClient: async () => ({ result: { ...clientView, name: 'Новое имя', server: serverView } }),
      },
    });
    const attributes = {
      name: ' Новое имя ',
      email: 'new@lab.test',
      notes: '',
      locale: 'en',
      limits: { memoryMb: 1024 },
      aliases: ['lab.example.org'],
    };
    const reply = await gateway.send(path, { method, body: change(attributes, { id: clientId }) });
    expect(reply.status).toBe(200);
    expect(reply.json.data).toMatchObject({
      type: 'clients',
      id: clientId,
      attributes: { name: 'Новое имя' },
    });
    const [command] = gateway.commands.sent;
    expect(command?.name).toBe('ChangeClient');
    expect(conforms(commandCatalogue.ChangeClient.data, command?.data)).toBe(true);
    expect(command?.data).toMatchObject({
      clientId,
      locale: 'en',
      limits: { memoryMb: 1024 },
      aliases: ['lab.example.org'],
      personal: expect.any(String),
    });
    expect(reply.json.meta).toEqual({
      operationId: deriveId(command?.id ?? '', 'operation'),
      applies: expect.stringContaining('container'),
    });
    expect(reply.headers).toMatchObject({ 'alfa-position': '4711', 'content-location': path });
    expect(gateway.asked.at(-1)).toMatchObject({ name: 'GetClient', minPosition: '4711' });
    expect(JSON.stringify([gateway.commands.sent, gateway.lines])).not.toMatch(/Новое имя|new@lab/);
  },
);

test('a change that only is recorded names no operation and waits for none', async () => {
  const gateway = await start(onlyRecorded);
  const reply = await gateway.send(path, {
    method: 'PATCH',
    body: change({ notes: 'calls back' }),
    headers: { prefer: 'wait=60' },
  });
  expect([reply.status, reply.json.meta, reply.headers['preference-applied']]).toEqual([
    200,
    undefined,
    undefined,
  ]);
  expect(gateway.asked.map(({ name }) => name)).toEqual(['GetClient']);
  expect(Object.keys(gateway.commands.sent[0]?.data ?? {})).toEqual(['clientId', 'personal']);
});

test('a change of the names alone lets the container be', async () => {
  const reply = await (await start()).send(path, { method: 'PATCH', body: change({ aliases: [] }) });
  expect(reply.json.meta).toMatchObject({ applies: expect.stringContaining('goes on running') });
});

test('a change of nothing is no command', async () => {
  const gateway = await start();
  for (const body of [change({}), { data: { type: 'clients', id: clientId } }]) {
    const reply = await gateway.send(path, { method: 'PATCH', body });
    expect(reply.status).toBe(200);
    expect(reply.json.data).toMatchObject({ id: clientId });
  }
  expect(gateway.commands.sent).toEqual([]);
  const absent = await gateway.send(`/clients/${unknownId}`, { method: 'PATCH', body: change({}) });
  expect([absent.status, ...codesOf(absent)]).toEqual([404, 'not_found']);
});

test('a change waits for its effect when asked to, and is 202 while not known to be taken', async () => {
  const body = change({ locale: 'en' });
  const ended = await start({
    queries: { GetOperation: async ({ id }) => ({ result: { ...operationView, id, status: 'error' } }) },
  });
  const waited = await ended.send(path, { method: 'PATCH', body, headers: { prefer: 'wait=5' } });
  expect([waited.status, waited.headers['preference-applied']]).toEqual([200, 'wait=5']);
  expect(waited.json.meta).toMatchObject({ operationStatus: 'error' });
  const stored = await (await start({ answer: () => 'stored' })).send(path, { method: 'PATCH', body });
  expect([stored.status, stored.headers['alfa-position']]).toEqual([202, undefined]);
  expect(stored.json.data).toMatchObject({
    type: 'operations',
    attributes: { kind: 'client.apply_changes', status: 'accepted' },
  });
});

test.each([
  ['ownerPassword', 'CANARY-password', 'owner_password_elsewhere', '/clients/owner_password'],
  ['expireDate', '2028-01-31', 'set_elsewhere', '/clients/{id}/expire_date'],
  ['image', 'alfa-client:2', 'set_elsewhere', '/clients/{id}/switch'],
  ['maintenance', { message: 'x' }, 'set_elsewhere', '/clients/{id}/maintain_enable'],
  ['demo', true, 'set_elsewhere', '/clients/{id}/demo_enable'],
  ['quickStart', false, 'set_elsewhere', '/clients/{id}/settings'],
  ['tutorial', false, 'set_elsewhere', '/clients/{id}/settings'],
  ['slug', 'lab-two', 'set_elsewhere', '/clients/create'],
  ['ownerLogin', 'boss', 'set_elsewhere', '/clients/create'],
  ['sendSuccess', true, 'set_elsewhere', '/clients/create'],
])('%s is refused with the path that sets it', async (name, value, code, where) => {
  const gateway = await start();
  const reply = await gateway.send(path, { method: 'PATCH', body: change({ [name]: value, notes: 'x' }) });
  expect(reply.status).toBe(422);
  expect(reply.json.errors).toEqual([
    {
      status: '422',
      code,
      title: expect.any(String),
      detail: expect.stringContaining(where),
      source: { pointer: `/data/attributes/${name}` },
    },
  ]);
  expect(JSON.stringify([reply.text, gateway.lines])).not.toContain('CANARY');
  expect(gateway.commands.sent).toEqual([]);
});

test.each<[string, unknown, number, string, string | undefined]>([
  ['a name of blanks', change({ name: ' ' }), 422, 'validation_failed', '/data/attributes/name'],
  ['a name with a line break', change({ name: 'a\nb' }), 422, 'validation_failed', '/data/attributes/name'],
  ['no e-mail address', change({ email: 'x' }), 422, 'validation_failed', '/data/attributes/email'],
  ['another locale', change({ locale: 'de' }), 422, 'validation_failed', '/data/attributes/locale'],
  [
    'a limit beyond all',
    change({ limits: { pids: 1 } }),
    422,
    'validation_failed',
    '/data/attributes/limits/pids',
  ],
  [
    'an alias with a path',
    change({ aliases: ['lab.test', '../etc'] }),
    422,
    'validation_failed',
    '/data/attributes/aliases/1',
  ],
  [
    'an alias twice',
    change({ aliases: ['lab.test', 'lab.test'] }),
    422,
    'validation_failed',
    '/data/attributes/aliases',
  ],
  ['an unknown attribute', change({ colour: 1 }), 422, 'unknown_attribute', '/data/attributes/colour'],
  [
    'an attribute of Object',
    change({ constructor: 1 }),
    422,
    'unknown_attribute',
    '/data/attributes/constructor',
  ],
  [
    'another server',
    change({}, { relationships: { server: { data: null } } }),
    422,
    'unknown_attribute',
    '/data/relationships/server',
  ],
  ['the id of another', change({ notes: '' }, { id: unknownId }), 409, 'id_not_accepted', '/data/id'],
  ['another type', { data: { type: 'servers', attributes: {} } }, 409, 'type_not_accepted', '/data/type'],
  ['nothing', undefined, 400, 'malformed_document', ''],
])('a change with %s is refused', async (_what, body, status, code, pointer) => {
  const gateway = await start();
  const reply = await gateway.send(path, { method: 'PATCH', body });
  expect([reply.status, ...codesOf(reply)]).toEqual([status, code]);
  expect(reply.json.errors).toMatchObject([{ source: { pointer } }]);
  expect(gateway.commands.sent).toEqual([]);
});

test.each([
  [{ code: 'alias_taken', detail: 'x', pointer: '/data/attributes/aliases/0' }, 409],
  [{ code: 'client_not_active', detail: 'x' }, 409],
  [{ code: 'gone', detail: 'x' }, 410],
  [{ code: 'operation_in_progress', detail: 'x', meta: { operationId } }, 409],
] as const)('a change refused by its handler: %j', async (fault, status) => {
  const gateway = await start({ answer: rejecting(fault) });
  const reply = await gateway.send(path, { method: 'PUT', body: change({ aliases: ['a.test'] }) });
  const { code, detail, ...more } = fault;
  expect(reply.status).toBe(status);
  expect(reply.json.errors).toMatchObject([
    {
      code,
      detail,
      ...('pointer' in more ? { source: { pointer: more.pointer } } : {}),
      ...('meta' in more ? { meta: more.meta } : {}),
    },
  ]);
});

const remove = (gateway: RunningGateway, query: string, headers: Record<string, string> = {}) =>
  gateway.send(`${path}${query}`, { method: 'DELETE', headers });

test.each<[string, Record<string, unknown>]>([
  ['', {}],
  ['?confirm=lab-one', { confirm: 'lab-one' }],
  ['?confirm=lab-one&withoutBackup=true', { confirm: 'lab-one', withoutBackup: true }],
  ['?confirm=lab-one&withoutBackup=false', { confirm: 'lab-one', withoutBackup: false }],
])('DELETE%s sends DeleteClient and answers 202 with its operation', async (query, data) => {
  const gateway = await start();
  const reply = await remove(gateway, query);
  expect(reply.status).toBe(202);
  const [command] = gateway.commands.sent;
  expect(command?.name).toBe('DeleteClient');
  expect(command?.data).toEqual({ clientId, ...data });
  const id = deriveId(command?.id ?? '', 'operation');
  expect(reply.json.data).toMatchObject({ type: 'operations', id, attributes: { kind: 'client.delete' } });
  expect(reply.headers['content-location']).toBe(`/operations/${id}`);
});

test('a deletion that is not confirmed is told with its parameter', async () => {
  const fault = { code: 'confirmation_required', detail: 'write lab-one', parameter: 'confirm' } as const;
  const reply = await remove(await start({ answer: rejecting(fault) }), '?confirm=lab');
  expect(reply.status).toBe(422);
  expect(reply.json.errors).toMatchObject([
    { status: '422', code: 'confirmation_required', source: { parameter: 'confirm' } },
  ]);
  const again = await remove(await start({ answer: rejecting({ code: 'gone', detail: 'x' }) }), '');
  expect([again.status, ...codesOf(again)]).toEqual([410, 'gone']);
});

test.each([
  ['?withoutBackup=yes', 'invalid_parameter', 'withoutBackup'],
  ['?withoutBackup=', 'invalid_parameter', 'withoutBackup'],
  [`?confirm=${'x'.repeat(201)}`, 'invalid_parameter', 'confirm'],
  ['?confirm=a&confirm=a', 'repeated_parameter', 'confirm'],
  ['?force=true', 'unknown_parameter', 'force'],
])('DELETE%s is refused', async (query, code, parameter) => {
  const gateway = await start();
  const reply = await remove(gateway, query);
  expect(reply.status).toBe(400);
  expect(reply.json.errors).toMatchObject([{ code, source: { parameter } }]);
  expect(gateway.commands.sent).toEqual([]);
});

test('one key with other parameters is another request', async () => {
  const gateway = await start();
  const key = { 'idempotency-key': 'once' };
  expect((await remove(gateway, '?confirm=lab-one', key)).status).toBe(202);
  expect((await remove(gateway, '?confirm=lab-one', key)).status).toBe(202);
  const other = await remove(gateway, '?confirm=lab-one&withoutBackup=true', key);
  expect([other.status, ...codesOf(other)]).toEqual([422, 'idempotency_key_reused']);
  expect(gateway.commands.sent).toHaveLength(1);
});

test('a client as it was at a moment; a deleted one is gone', async () => {
  const gateway = await start({
    queries: {
      GetClient: async ({ asOf }) => {
        if (asOf === undefined) throw reject('gone', 'The client was deleted');
        if (asOf < '2026') throw reject('not_found', 'There was no such client then');
        return { result: { ...clientView, expireDate: '2026-12-31', available: null, server: serverView } };
      },
    },
  });
  const then = await gateway.send(`${path}?asOf=2026-11-22T20:00:00%2B03:00&include=server`);
  expect(then.status).toBe(200);
  expect(gateway.asked.at(-1)?.request).toEqual({ id: clientId, asOf: '2026-11-22T17:00:00.000Z' });
  expect(then.json).toMatchObject({
    data: { attributes: { expireDate: '2026-12-31', available: null } },
    included: [{ type: 'servers' }],
    meta: { asOf: '2026-11-22T17:00:00.000Z' },
  });
  const before = await gateway.send(`${path}?asOf=2025-01-01T00:00:00Z`);
  expect([before.status, ...codesOf(before)]).toEqual([404, 'not_found']);
  const deleted = await gateway.send(path);
  expect([deleted.status, ...codesOf(deleted)]).toEqual([410, 'gone']);
});

test.each(['yesterday', '2026-11-22', '2016-12-31T23:59:60Z', '', '2026-11-22T18:00:00.001Z'])(
  'asOf=%s is refused',
  async (moment) => {
    const reply = await (await start()).send(`${path}?asOf=${moment}`);
    expect(reply.status).toBe(400);
    expect(reply.json.errors).toMatchObject([{ code: 'invalid_parameter', source: { parameter: 'asOf' } }]);
  },
);

test('a client shows its names, settings, image, last backup and what works on it', async () => {
  const shown = {
    aliases: ['lab.example.org'],
    quickStart: false,
    tutorial: true,
    imageId: 'sha256:01',
    imageOutdated: true,
    previousImage: { reference: 'alfa-client:1.3.0', id: 'sha256:02' },
    lastBackupAt: now,
    available: false,
    unavailableReason: 'container exited with code 137',
  };
  const gateway = await start({
    queries: {
      GetClient: async () => ({
        result: { ...clientView, ...shown, runningOperationId: operationId, server: serverView },
      }),
    },
  });
  const reply = await gateway.send(
    `${path}?fields[clients]=${Object.keys(shown).join(',')},runningOperation`,
  );
  expect(reply.json.data).toMatchObject({
    attributes: shown,
    relationships: { runningOperation: { data: { type: 'operations', id: operationId } } },
    links: { settings: `${path}/settings`, backups: `${path}/backups`, logs: `${path}/logs` },
  });
});
