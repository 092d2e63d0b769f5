import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  clientId,
  codesOf,
  newClient,
  newServer,
  operationId,
  type Reply,
  type RunningGateway,
  type Sending,
  serverId,
  startGateway,
} from './support.ts';

let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.stop());

/** A refusal that its sender can understand: a 4xx with errors that have a code, a title and a detail. */
const expectRefusal = (reply: Reply): void => {
  expect(reply.status).toBeGreaterThanOrEqual(400);
  expect(reply.status).toBeLessThan(500);
  expect(reply.headers['content-type']).toBe('application/vnd.api+json');
  for (const error of reply.json.errors as Record<string, string>[]) {
    expect(error).toMatchObject({
      code: expect.any(String),
      title: expect.any(String),
      detail: expect.any(String),
    });
  }
};

test.each([
  ['wrong types', newClient({ name: {}, slug: [], email: 1, expireDate: true, limits: 'all', demo: 'yes' })],
  ['a text of 200 KiB', newClient({ notes: 'x'.repeat(200_000) })],
  ['quotes and path tricks in the slug', newClient({ slug: `'; DROP TABLE x; -- ../../etc` })],
  ['a slug with a NUL', newClient({ slug: 'lab\u0000one' })],
  ['a slug with a line break at its end', newClient({ slug: 'lab\n' })],
  ['a name of control characters', newClient({ name: 'a\r\nBcc: all' })],
  ['a name of blanks', newClient({ name: '   ' })],
  ['an image with a shell in it', newClient({ image: '$(reboot)' })],
  ['a day that does not exist', newClient({ expireDate: '2027-02-30' })],
  ['a number beyond all limits', newClient({ limits: { memoryMb: 1e300 } })],
  ['members of Object', newClient({ constructor: 1, toString: 2, hasOwnProperty: 3 })],
  [
    'ten thousand unknown members',
    newClient(Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`x${n}`, n]))),
  ],
  [
    'a server id that is none',
    {
      data: {
        ...(newClient()['data'] as object),
        relationships: { server: { data: { type: 'servers', id: '../1' } } },
      },
    },
  ],
  [
    'a relationship of another type',
    {
      data: {
        ...(newClient()['data'] as object),
        relationships: { server: { data: { type: 'clients', id: serverId } } },
      },
    },
  ],
  ['relationships that are a list', { data: { ...(newClient()['data'] as object), relationships: [] } }],
  ['attributes that are a list', { data: { type: 'clients', attributes: [] } }],
  ['null', null],
  ['a number', 7],
])('a client with %s is refused', async (_what, body) => {
  expectRefusal(await gateway.send('/clients/create', { body }));
});

test.each([
  ['a connection of unknown kind', { connection: { kind: 'telnet' } }],
  [
    'a host with a shell in it',
    { connection: { kind: 'ssh', host: '-oProxyCommand=id', username: 'root', privateKey: 'k' } },
  ],
  ['a connection without any key', { connection: { kind: 'ssh', host: 'h', username: 'root' } }],
  [
    'a connection with two keys',
    {
      connection: {
        kind: 'ssh',
        host: 'h',
        username: 'root',
        privateKey: 'k',
        keyId: '5b2c4f0e-7a1d-4c3e-9f64-2d8f1a6b7c90',
      },
    },
  ],
  [
    'a passphrase without a key',
    { connection: { kind: 'ssh', host: 'h', username: 'root', passphrase: 'p' } },
  ],
  ['a domain with a path', { domain: '../etc' }],
  ['a port beyond all', { proxy: { httpPort: 65_536 } }],
  ['an unknown attribute', { colour: 'red' }],
])('a server with %s is refused', async (_what, attributes) => {
  expectRefusal(await gateway.send('/servers/create', { body: newServer(attributes) }));
});

const jsonApi = 'application/vnd.api+json';
const whole = JSON.stringify(newClient());

test.each<[string, Sending, number, string]>([
  ['JSON cut off', { raw: whole.slice(0, -5) }, 400, 'malformed_json'],
  ['no JSON', { raw: 'slug=lab' }, 400, 'malformed_json'],
  ['no UTF-8', { raw: Buffer.from([0x22, 0xff, 0xfe, 0x22]) }, 400, 'malformed_json'],
  ['a bare NUL', { raw: '\u0000' }, 400, 'malformed_json'],
  ['lists without end', { raw: '['.repeat(200_000) }, 400, 'malformed_json'],
  ['lists very deep', { raw: `${'['.repeat(100_000)}${']'.repeat(100_000)}` }, 400, 'malformed_document'],
  ['nothing', { raw: '' }, 400, 'malformed_document'],
  ['1 MiB', { raw: JSON.stringify(newClient({ notes: 'x'.repeat(1 << 20) })) }, 413, 'payload_too_large'],
  ['no media type', { raw: whole, headers: { 'content-type': '' } }, 415, 'unsupported_media_type'],
  [
    'a form',
    { raw: whole, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    415,
    'unsupported_media_type',
  ],
  [
    'a media type parameter',
    { raw: whole, headers: { 'content-type': `${jsonApi}; charset=utf-8` } },
    415,
    'unsupported_media_type',
  ],
  [
    'an extension',
    { raw: whole, headers: { 'content-type': `${jsonApi}; ext="https://x.test/y"` } },
    415,
    'unsupported_media_type',
  ],
  [
    'another charset',
    { raw: whole, headers: { 'content-type': 'application/json; charset=utf-16' } },
    415,
    'unsupported_media_type',
  ],
  [
    'a compressed body',
    { raw: whole, headers: { 'content-encoding': 'gzip' } },
    415,
    'unsupported_media_type',
  ],
  ['an Accept of HTML', { raw: whole, headers: { accept: 'text/html' } }, 406, 'not_acceptable'],
  [
    'an Accept with parameters only',
    { raw: whole, headers: { accept: `${jsonApi}; version=1, */*` } },
    406,
    'not_acceptable',
  ],
  ['a bad position', { raw: whole, headers: { 'alfa-position': '-1' } }, 400, 'invalid_header'],
  [
    'a position beyond 64 bits',
    { raw: whole, headers: { 'alfa-position': '99999999999999999999' } },
    400,
    'invalid_header',
  ],
  ['a key too long', { raw: whole, headers: { 'idempotency-key': 'k'.repeat(201) } }, 400, 'invalid_header'],
])('a creation with %s: %#', async (_what, sending, status, code) => {
  const reply = await gateway.send('/clients/create', { method: 'POST', ...sending });
  expectRefusal(reply);
  expect([reply.status, ...codesOf(reply)]).toEqual([status, code]);
});

test('bad JSON is told with its place and never with its text', async () => {
  const reply = await gateway.send('/clients/create', { raw: '{\n  "ownerPassword": CANARY }' });
  expect(reply.json.errors).toMatchObject([{ detail: expect.stringContaining('line 2, column 20') }]);
  expect(reply.text).not.toContain('CANARY');
});

test('a __proto__ member is an unknown attribute and pollutes nothing', async () => {
  const raw = whole.replace('"slug"', '"__proto__": {"polluted": true}, "slug"');
  const reply = await gateway.send('/clients/create', { raw });
  expect([reply.status, ...codesOf(reply)]).toEqual([422, 'unknown_attribute']);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test.each([
  ['/clients?colour=red', 'unknown_parameter'],
  ['/clients?__proto__=1', 'unknown_parameter'],
  ['/clients?constructor=1', 'unknown_parameter'],
  ['/clients?page[number]=1&page[number]=2', 'repeated_parameter'],
  ['/clients?page[number]=0', 'invalid_parameter'],
  ['/clients?page[number]=1.5', 'invalid_parameter'],
  ['/clients?page[size]=101', 'invalid_parameter'],
  ['/clients?page[size]=', 'invalid_parameter'],
  ['/clients?page[number]=99999999999999999999999', 'invalid_parameter'],
  ['/clients?sort=password', 'invalid_parameter'],
  ['/clients?sort=--name', 'invalid_parameter'],
  ["/clients?filter[status]='%20OR%201=1", 'invalid_parameter'],
  ['/clients?filter[serverId]=1', 'invalid_parameter'],
  ['/clients?filter[available]=perhaps', 'invalid_parameter'],
  ['/clients?filter[expiresBefore]=soon', 'invalid_parameter'],
  ['/clients?filter[search]=a%00b', 'invalid_parameter'],
  ['/clients?include=server,owner', 'invalid_parameter'],
  ['/clients?fields[clients]=hash', 'invalid_parameter'],
  ['/clients?filter[search]=%ZZ', 'malformed_request'],
  ['/clients?filter[search]=%c0%af', 'malformed_request'],
  [`/clients/${clientId}/create_log?page[after]=../1`, 'invalid_parameter'],
  ['/operations?filter[kind]=*', 'invalid_parameter'],
  ['/operations?filter[kind]=client.rebooot', 'invalid_parameter'],
  [`/clients/${clientId}?asOf=now`, 'invalid_parameter'],
  [`/clients/${clientId}?asOf=2026-01-01%0A00:00:00Z`, 'invalid_parameter'],
  [`/clients/${clientId}?asOf=2026-01-01T00:00:00+00:00`, 'invalid_parameter'],
  ['/history?filter[from]=2026-01-01%0D00:00:00Z', 'invalid_parameter'],
  [`/clients/${clientId}/history?filter[to]=2026-01-01%2000:00:00Z`, 'invalid_parameter'],
  [`/clients/${clientId}/backups?filter[present]=0`, 'invalid_parameter'],
  [`/clients/${clientId}/settings?fields[settings]=x`, 'unknown_parameter'],
  [`/clients/${clientId}/logs?tail=1e3`, 'invalid_parameter'],
  ['/clients/switch_all?targetImage=..%2fx', 'invalid_parameter'],
  ['/clients/deploy?waveSize=9999999999999999999999', 'invalid_parameter'],
])('%s is refused with %s', async (path, code) => {
  const reply = await gateway.send(path);
  expectRefusal(reply);
  expect([reply.status, codesOf(reply)[0]]).toEqual([400, code]);
});

test.each([
  '/clients/..%2f..%2fetc%2fpasswd',
  '/clients/../servers/../../etc',
  '/clients/%00',
  '/clients/%ZZ',
  '/clients/%c0%ae%c0%ae',
  `/clients/${clientId.toUpperCase()}`,
  `/clients/${clientId}%0a`,
  '//clients',
  '/clients/create/',
  "/clients/1'%20OR%20'1'='1",
  `/operations/${'9'.repeat(5000)}`,
  '/__proto__',
])('the path %s is refused', async (path) => {
  expectRefusal(await gateway.send(path));
});

const paths = [
  '/clients',
  '/servers',
  '/operations',
  `/clients/${clientId}`,
  `/clients/${clientId}/create_log`,
  `/operations/${operationId}/log`,
  '/history',
  `/clients/${clientId}/history`,
  `/clients/${clientId}/expire_dates_history`,
  `/clients/${clientId}/backups`,
  `/clients/${clientId}/settings`,
  `/clients/${clientId}/logs`,
  `/clients/${clientId}/switch`,
  '/clients/switch_all',
  '/clients/migrate_all',
  '/clients/deploy',
];

test('no query whatever gives a 5xx', async () => {
  const name = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      'page[number]',
      'page[size]',
      'sort',
      'filter[search]',
      'fields[clients]',
      'include',
      'page[after]',
      'filter[actor]',
      'filter[kind]',
      'filter[from]',
      'filter[to]',
      'filter[parent]',
      'filter[present]',
      'asOf',
      'tail',
      'targetImage',
      'serverId',
      'canary',
      'dryRun',
    ),
  );
  const pairs = fc.array(fc.tuple(name, fc.string({ unit: 'binary' })), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), pairs, fc.boolean(), async (path, parameters, encoded) => {
      const write = (text: string): string =>
        encoded ? encodeURIComponent(text.toWellFormed()) : text.replace(/[^!-~]/gu, '').replaceAll('#', '');
      const query = parameters.map(([key, value]) => `${write(key)}=${write(value)}`).join('&');
      expect((await gateway.send(`${path}?${query}`)).status).toBeLessThan(500);
    }),
    { numRuns: 300 },
  );
});

const written = [
  ['POST', '/clients/create'],
  ['POST', '/servers/create'],
  ['POST', `/clients/${clientId}/maintain_enable`],
  ['POST', `/clients/${clientId}/reboot`],
  ['POST', '/clients/owner_password'],
  ['PUT', `/clients/${clientId}/expire_date`],
  ['PATCH', `/clients/${clientId}/expire_date`],
  ['PUT', `/clients/${clientId}`],
  ['PATCH', `/clients/${clientId}`],
  ['DELETE', `/clients/${clientId}`],
  ['PATCH', `/clients/${clientId}/settings`],
  ['POST', `/clients/${clientId}/backups`],
  ['POST', `/clients/${clientId}/restore`],
  ['POST', '/clients/deploy'],
  ['POST', `/operations/${operationId}/retry`],
] as const;

test('no body whatever gives a 5xx', async () => {
  const attributes = fc.dictionary(
    fc.oneof(
      fc.string(),
      fc.constantFrom(
        'name',
        'slug',
        'email',
        'limits',
        'connection',
        'domain',
        'message',
        'password',
        'expireDate',
        'reason',
        'aliases',
        'locale',
        'notes',
        'ownerPassword',
        'quickStart',
        'maintenance',
        'backupId',
        'confirm',
        '__proto__',
      ),
    ),
    fc.jsonValue({ maxDepth: 4 }),
  );
  const document = fc.oneof(
    fc.jsonValue({ maxDepth: 6 }),
    fc.record({
      data: fc.record({
        type: fc.constantFrom(
          'clients',
          'servers',
          'maintenance',
          'owner-passwords',
          'cloud-settings',
          'restorations',
        ),
        attributes,
        relationships: fc.jsonValue(),
      }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...written), document, async ([method, path], body) => {
      expect((await gateway.send(path, { method, body })).status).toBeLessThan(500);
    }),
    { numRuns: 300 },
  );
});

test('nothing of all that has become a command with an id of its sender or a secret in clear', () => {
  for (const command of gateway.commands.sent) expect(command.actor).toBe('admin');
  expect(gateway.lines.filter(({ level }) => level === 'error')).toEqual([]);
});
