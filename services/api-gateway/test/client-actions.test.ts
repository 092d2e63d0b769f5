import { expect, test } from '@jest/globals';
import {
  type ClientView,
  conforms,
  commandCatalogue,
  deriveId,
  type Fault,
  type OperationView,
  reject,
} from '@alfa-cloud/contracts';
import type { QueryHandlers } from '@alfa-cloud/messaging';
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
  type startGateway,
  unknownId,
} from './support.ts';

const start = gatewaysOfTest();

const running: Fault = {
  code: 'operation_in_progress',
  detail: 'Operation client.reboot of this client has not ended yet',
  meta: { operationId, kind: 'client.reboot' },
};

const passwordDocument = (attributes: Record<string, unknown>, id: string = clientId) => ({
  data: {
    type: 'owner-passwords',
    attributes,
    relationships: { client: { data: { type: 'clients', id } } },
  },
});
const expiry = (attributes: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  data: { type: 'clients', attributes, ...more },
});
const extension = { expireDate: '2028-01-31', reason: 'paid' };

const actions = [
  ['demo_enable', 'EnableDemo', 'client.enable_demo'],
  ['demo_disable', 'DisableDemo', 'client.disable_demo'],
  ['maintain_enable', 'EnableMaintenance', 'client.enable_maintenance'],
  ['maintain_disable', 'DisableMaintenance', 'client.disable_maintenance'],
  ['reboot', 'RebootClient', 'client.reboot'],
  ['rollback', 'RollBackImage', 'client.rollback'],
  ['migrate', 'MigrateClient', 'client.migrate'],
] as const;

test.each(['GET', 'POST'])('%s …/migrate?withoutBackup=true sends MigrateClient with it', async (method) => {
  const gateway = await start();
  const reply = await gateway.send(`/clients/${clientId}/migrate?withoutBackup=true`, { method });
  const [command] = gateway.commands.sent;
  expect(command).toMatchObject({ name: 'MigrateClient', data: { clientId, withoutBackup: true } });
  expect(reply.json.data).toMatchObject({ attributes: { parameters: { withoutBackup: true } } });
  const all = await gateway.send('/clients/migrate_all?withoutBackup=true', { method });
  expect([all.status, gateway.commands.sent.length]).toEqual([400, 1]);
});

test.each(actions.flatMap((action) => [['GET', ...action] as const, ['POST', ...action] as const]))(
  '%s …/%s sends %s and answers 202 with its operation',
  async (method, action, name, kind) => {
    const gateway = await start();
    const reply = await gateway.send(`/clients/${clientId}/${action}`, { method });
    expect(reply.status).toBe(202);
    const [command] = gateway.commands.sent;
    expect(command).toMatchObject({ name, actor: 'admin', data: { clientId } });
    expect(conforms(commandCatalogue[name].data, command?.data)).toBe(true);
    const id = deriveId(command?.id ?? '', 'operation');
    expect(reply.json.data).toMatchObject({
      type: 'operations',
      id,
      attributes: { kind, status: 'accepted', actor: 'admin' },
      relationships: { target: { data: { type: 'clients', id: clientId } } },
    });
    expect(reply.headers).toMatchObject({
      'content-location': `/operations/${id}`,
      'alfa-position': '4711',
      'cache-control': 'no-store',
    });
  },
);

test('the operation is shown as it is known, and 202 does not depend on the read models', async () => {
  const steps: OperationView['steps'] = [];
  const seen = await start({
    queries: {
      GetOperation: async ({ id }) => ({ result: { ...operationView, id, status: 'running', steps } }),
    },
  });
  const reply = await seen.send(`/clients/${clientId}/reboot`, { method: 'POST' });
  expect(reply.json.data).toMatchObject({ attributes: { status: 'running' } });
  expect(seen.asked.at(-1)?.minPosition).toBe('4711');

  const blind = await start({
    queries: {
      GetOperation: async () => {
        throw reject('unavailable', 'too much to do');
      },
    },
  });
  expect((await blind.send(`/clients/${clientId}/reboot`, { method: 'POST' })).status).toBe(202);
});

test.each([...actions.map(([action]) => `${clientId}/${action}`), `${clientId}/users_count`])(
  '%s: waits, refusals and faults',
  async (path) => {
    const send = (gateway: RunningGateway, headers: Record<string, string> = {}) =>
      gateway.send(`/clients/${path}`, { method: 'POST', headers });
    const ended = await start({
      queries: { GetOperation: async ({ id }) => ({ result: { ...operationView, id, status: 'ok' } }) },
    });
    const waited = await send(ended, { prefer: 'wait=20' });
    expect([waited.status, waited.headers['preference-applied']]).toEqual([200, 'wait=20']);
    expect(waited.json.data).toMatchObject({ type: 'operations', attributes: { status: 'ok' } });

    const busy = await send(await start({ answer: rejecting(running) }));
    expect(busy.status).toBe(409);
    expect(busy.json.errors).toMatchObject([{ code: 'operation_in_progress', meta: { operationId } }]);
    const failed = await send(
      await start({ answer: rejecting({ code: 'client_not_active', detail: 'failed' }) }),
    );
    expect([failed.status, ...codesOf(failed)]).toEqual([409, 'client_not_active']);
    const absent = await send(await start({ answer: rejecting({ code: 'not_found', detail: 'none' }) }));
    expect([absent.status, ...codesOf(absent)]).toEqual([404, 'not_found']);
    const away = await send(await start({ answer: () => 'unavailable' }));
    expect([away.status, away.headers['retry-after']]).toEqual([503, '5']);
    const stored = await send(await start({ answer: () => 'stored' }));
    expect([stored.status, stored.headers['alfa-position']]).toEqual([202, undefined]);
    expect(stored.json.data).toMatchObject({ type: 'operations', attributes: { status: 'accepted' } });
  },
);

test('the same action under one key is one command', async () => {
  const gateway = await start();
  const headers = { 'idempotency-key': 'once' };
  const path = `/clients/${clientId}/reboot`;
  const replies = [
    await gateway.send(path, { method: 'POST', headers }),
    await gateway.send(path, { method: 'POST', headers }),
  ];
  expect(gateway.commands.sent).toHaveLength(1);
  expect(replies[0]?.headers['content-location']).toBe(replies[1]?.headers['content-location']);
});

test('neither HEAD nor a browser that fetches in advance acts', async () => {
  const gateway = await start();
  for (const [action] of [...actions, ['users_count']]) {
    const path = `/clients/${clientId}/${action}`;
    const head = await gateway.send(path, { method: 'HEAD' });
    expect([head.status, head.headers['allow']]).toEqual([405, 'GET, POST, OPTIONS']);
    for (const headers of [{ 'sec-purpose': 'prefetch;prerender' }, { purpose: 'prefetch' }]) {
      const early = await gateway.send(path, { headers: headers as unknown as Record<string, string> });
      expect([early.status, ...codesOf(early)]).toEqual([403, 'prefetch_refused']);
    }
  }
  expect(gateway.commands.sent).toEqual([]);
});

test('the maintenance page has a message when POST brings one', async () => {
  const gateway = await start();
  const path = `/clients/${clientId}/maintain_enable`;
  const attributes = { message: ' Обновление\r\nдо\r15:00\n\nсегодня \r\n' };
  const reply = await gateway.send(path, { body: { data: { type: 'maintenance', attributes } } });
  expect(reply.status).toBe(202);
  expect(gateway.commands.sent.at(-1)?.data).toEqual({
    clientId,
    message: 'Обновление\nдо\n15:00\n\nсегодня',
  });
  for (const [body, code] of [
    [{ data: { type: 'maintenance', attributes: { message: ' \n\r ' } } }, 'validation_failed'],
    [{ data: { type: 'maintenance', attributes: { message: 'a\u000bb' } } }, 'validation_failed'],
    [{ data: { type: 'maintenance', attributes: { message: 7 } } }, 'validation_failed'],
    [{ data: { type: 'maintenance', attributes: { text: 'x' } } }, 'unknown_attribute'],
    [{ data: { type: 'clients', attributes: {} } }, 'type_not_accepted'],
    [[], 'malformed_document'],
  ] as const) {
    const refused = await gateway.send(path, { body });
    expect([refused.status < 500, ...codesOf(refused)]).toEqual([true, code]);
  }
  expect(gateway.commands.sent).toHaveLength(1);
});

test("the owner's password goes out sealed and is never told again", async () => {
  const gateway = await start();
  const reply = await gateway.send('/clients/owner_password', {
    body: passwordDocument({ password: 'CANARY-password' }),
  });
  expect(reply.status).toBe(202);
  expect(reply.json.data).toMatchObject({ attributes: { kind: 'client.set_owner_password' } });
  const [command] = gateway.commands.sent;
  expect(command).toMatchObject({ name: 'SetOwnerPassword', data: { clientId } });
  expect(conforms(commandCatalogue.SetOwnerPassword.data, command?.data)).toBe(true);

  const refusals = [
    await gateway.send('/clients/owner_password', { body: passwordDocument({ password: 'CANARY\u0007' }) }),
    await gateway.send('/clients/owner_password', { body: passwordDocument({ password: 'CANARY' }) }),
    await gateway.send('/clients/owner_password', {
      body: passwordDocument({ password: ['CANARY-password'] }),
    }),
    await gateway.send('/clients/owner_password', { raw: '{"data": {"attributes": {"password": CANARY}}}' }),
  ];
  expect(refusals.map(({ status }) => status)).toEqual([422, 422, 422, 400]);
  const seen = [reply, ...refusals].map(({ text, headers }) => text + JSON.stringify(headers));
  expect(JSON.stringify([seen, gateway.commands.sent, gateway.lines])).not.toContain('CANARY');
});

test('a password without a client, or for one that can not be, is refused with its place', async () => {
  const gateway = await start();
  const none = await gateway.send('/clients/owner_password', {
    body: { data: { type: 'owner-passwords', attributes: {} } },
  });
  expect(none.status).toBe(422);
  expect(none.json.errors).toMatchObject([
    { code: 'required', source: { pointer: '/data/relationships/client' } },
    { code: 'required', source: { pointer: '/data/attributes/password' } },
  ]);
  const wrong = await gateway.send('/clients/owner_password', {
    body: passwordDocument({ password: 'long enough' }, '../1'),
  });
  expect(wrong.status).toBe(404);
  expect(wrong.json.errors).toMatchObject([{ source: { pointer: '/data/relationships/client/data/id' } }]);
  expect(gateway.commands.sent).toEqual([]);
});

test.each(['PUT', 'PATCH'])('%s …/expire_date answers the client as changed', async (method) => {
  const gateway = await start({
    queries: {
      GetClient: async () => ({ result: { ...clientView, expireDate: '2028-01-31', server: serverView } }),
    },
  });
  const path = `/clients/${clientId}/expire_date`;
  const reply = await gateway.send(path, { method, body: expiry(extension, { id: clientId }) });
  expect(reply.status).toBe(200);
  expect(reply.json.data).toMatchObject({
    type: 'clients',
    id: clientId,
    attributes: { expireDate: '2028-01-31' },
  });
  const [command] = gateway.commands.sent;
  expect(command).toMatchObject({ name: 'ChangeExpireDate', data: { clientId, ...extension } });
  expect(reply.json.meta).toEqual({ operationId: deriveId(command?.id ?? '', 'operation') });
  expect(reply.headers).toMatchObject({
    'alfa-position': '4711',
    'content-location': `/clients/${clientId}`,
  });
  expect(gateway.asked.at(-1)).toMatchObject({ name: 'GetClient', minPosition: '4711' });
  await gateway.send(path, { method, body: expiry({ ...extension, confirm: true }) });
  expect(gateway.commands.sent.at(-1)?.data).toEqual({ clientId, ...extension, confirm: true });
});

test('a change of the expiry date waits for its effect on the server when asked to, and is 202 while not known to be taken', async () => {
  const body = expiry(extension);
  const path = `/clients/${clientId}/expire_date`;
  const ended = await start({
    queries: { GetOperation: async ({ id }) => ({ result: { ...operationView, id, status: 'error' } }) },
  });
  const waited = await ended.send(path, { method: 'PUT', body, headers: { prefer: 'wait=5' } });
  expect([waited.status, waited.headers['preference-applied']]).toEqual([200, 'wait=5']);
  expect(waited.json.meta).toMatchObject({ operationStatus: 'error' });
  const stored = await (await start({ answer: () => 'stored' })).send(path, { method: 'PUT', body });
  expect(stored.status).toBe(202);
  expect(stored.json.data).toMatchObject({ type: 'operations', attributes: { kind: 'client.apply_expiry' } });
});

test.each([
  ['no reason', expiry({ expireDate: '2028-01-31' }), 422, 'required'],
  ['a day that does not exist', expiry({ ...extension, expireDate: '2028-02-30' }), 422, 'validation_failed'],
  ['a confirmation that is none', expiry({ ...extension, confirm: 'yes' }), 422, 'validation_failed'],
  ['another attribute', expiry({ ...extension, name: 'x' }), 422, 'unknown_attribute'],
  ['the id of another', expiry(extension, { id: unknownId }), 409, 'id_not_accepted'],
  ['another type', { data: { type: 'servers', attributes: extension } }, 409, 'type_not_accepted'],
  ['nothing', undefined, 400, 'malformed_document'],
])('an expiry date with %s is refused', async (_what, body, status, code) => {
  const gateway = await start();
  const reply = await gateway.send(`/clients/${clientId}/expire_date`, { method: 'PATCH', body });
  expect([reply.status, ...codesOf(reply)]).toEqual([status, code]);
  expect(gateway.commands.sent).toEqual([]);
});

test('a day that has passed is told with its place', async () => {
  const pointer = '/data/attributes/expireDate';
  const gateway = await start({
    answer: rejecting({ code: 'expire_date_in_past', detail: 'needs confirm', pointer }),
  });
  const reply = await gateway.send(`/clients/${clientId}/expire_date`, {
    method: 'PUT',
    body: expiry(extension),
  });
  expect(reply.status).toBe(422);
  expect(reply.json.errors).toMatchObject([{ code: 'expire_date_in_past', source: { pointer } }]);
});

/** A client whose users are counted by one operation. */
const counted = (
  client: Partial<ClientView>,
  operation: Partial<OperationView> = {},
): { queries: QueryHandlers } => ({
  queries: {
    GetClient: async () => ({ result: { ...clientView, ...client, server: serverView } }),
    GetOperation: async ({ id }) => ({
      result: { ...operationView, kind: 'client.count_users', status: 'ok', ...operation, id },
    }),
  },
});
const earlier = '2026-11-22T17:00:00.000Z';
const usersPath = `/clients/${clientId}/users_count`;

test('GET users_count counts and answers the number with its time', async () => {
  const gateway = await start(counted({ usersCount: 12, usersCountedAt: now }));
  const reply = await gateway.send(usersPath);
  expect(reply.status).toBe(200);
  expect(reply.json.data).toEqual({
    type: 'users-counts',
    id: clientId,
    attributes: { users: 12, countedAt: now },
    relationships: {
      client: { data: { type: 'clients', id: clientId }, links: { related: `/clients/${clientId}` } },
    },
    links: { self: usersPath },
  });
  const [command] = gateway.commands.sent;
  expect(command).toMatchObject({ name: 'CountUsers', data: { clientId } });
  expect(reply.json.meta).toEqual({ operationId: deriveId(command?.id ?? '', 'operation') });
  expect(reply.headers).toMatchObject({ 'alfa-position': '4711' });
  expect(reply.headers['content-location']).toBeUndefined();
});

test('a count that another replica shows later is waited for', async () => {
  let asked = 0;
  const gateway = await start({
    queries: {
      ...counted({}).queries,
      GetClient: async () => {
        asked += 1;
        const view = { usersCount: asked, usersCountedAt: asked < 3 ? earlier : now };
        return { result: { ...clientView, ...view, server: serverView } };
      },
    },
  });
  const reply = await gateway.send(usersPath);
  expect(reply.json.data).toMatchObject({ attributes: { users: 3 } });
  expect(reply.json.meta).not.toHaveProperty('stale');
});

test('a counting that runs already is followed', async () => {
  const gateway = await start({
    answer: rejecting({ ...running, meta: { operationId, kind: 'client.count_users' } }),
    ...counted({ usersCount: 12, usersCountedAt: now }),
  });
  const reply = await gateway.send(usersPath);
  expect(reply.status).toBe(200);
  expect(reply.json.meta).toEqual({ operationId });
});

const last = { usersCount: 7, usersCountedAt: earlier };

test.each<[string, Parameters<typeof startGateway>[0], Record<string, unknown>]>([
  [
    'something else runs',
    { answer: rejecting(running), ...counted(last) },
    { reason: { code: 'operation_in_progress', detail: running.detail, meta: running.meta } },
  ],
  [
    'the client is not active',
    { answer: rejecting({ code: 'client_not_active', detail: 'off' }), ...counted(last) },
    { reason: { code: 'client_not_active', detail: 'off' } },
  ],
  [
    'the counting fails',
    counted(last, { status: 'error', error: { code: 'command_failed', reason: 'exit 1', step: 'count' } }),
    { operationId: expect.any(String), reason: { code: 'command_failed', detail: 'exit 1' } },
  ],
  ['the counting goes on', counted(last, { status: 'running' }), { operationId: expect.any(String) }],
])('when %s, GET users_count answers the last number known and says so', async (_what, options, meta) => {
  const gateway = await start(options);
  const reply = await gateway.send(usersPath, { headers: { prefer: 'wait=1' } });
  expect(reply.status).toBe(200);
  expect(reply.json.data).toMatchObject({ attributes: { users: 7, countedAt: earlier } });
  expect(reply.json.meta).toEqual({ stale: true, ...meta });
});

test('without any number GET users_count tells why there is none', async () => {
  const failed = await start(
    counted({}, { status: 'error', error: { code: 'command_failed', reason: 'exit 1', step: 'count' } }),
  );
  const failure = await failed.send(usersPath);
  expect([failure.status, failure.headers['retry-after']]).toEqual([503, '5']);
  expect(failure.json.errors).toMatchObject([
    { code: 'not_counted', detail: 'exit 1', meta: { reason: { code: 'command_failed' } } },
  ]);
  const busy = await start({ answer: rejecting(running), ...counted({}) });
  expect((await busy.send(usersPath)).status).toBe(409);
  const slow = await start(counted({}, { status: 'running' }));
  const going = await slow.send(usersPath, { headers: { prefer: 'wait=1' } });
  expect(going.status).toBe(202);
  expect(going.json.data).toMatchObject({ type: 'operations', attributes: { status: 'running' } });
  expect(going.headers['content-location']).toMatch(/^\/operations\//);
  const absent = await start({ answer: rejecting({ code: 'not_found', detail: 'none' }) });
  expect((await absent.send(usersPath)).status).toBe(404);
});

test('a client shows its maintenance and the users counted last, also in sparse fieldsets', async () => {
  const maintenance = { message: null, since: now };
  const gateway = await start(counted({ maintenance, usersCount: 3, usersCountedAt: now }));
  const reply = await gateway.send(
    `/clients/${clientId}?fields[clients]=maintenance,usersCount,usersCountedAt`,
  );
  expect(reply.json.data).toMatchObject({
    attributes: { maintenance, usersCount: 3, usersCountedAt: now },
    links: {
      history: `/clients/${clientId}/history`,
      expireDatesHistory: `/clients/${clientId}/expire_dates_history`,
    },
  });
});
