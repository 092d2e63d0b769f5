import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { clientDocument, followCreation, registerServer, type Server } from './support/caller.ts';
import { startWorld, type World } from './support/world.ts';

let world: World;
let server: Server;

beforeAll(async () => {
  world = await startWorld({ env: { ALFA_ADMIN_LOGIN: 'admin' } });
  server = await registerServer(world.call);
});
afterAll(() => world?.dispose());

const paths = ['/servers/create', '/clients/create'];
const nasty = [
  '../../etc/passwd',
  '..%2f..%2fetc',
  "'; DROP DATABASE mysql; --",
  '`touch /tmp/alfa-pwned`',
  '$(touch /tmp/alfa-pwned)',
  '"; touch /tmp/alfa-pwned; "',
  '|| touch /tmp/alfa-pwned',
  '\u0000',
  'a\nserver_name evil;',
  '{{7*7}}',
  '__proto__',
  'x'.repeat(1024 * 1024),
];

test.each(nasty.map((text) => [text.slice(0, 30), text]))(
  '%j as slug, image, name of a server or id is refused',
  async (_, text) => {
    const answers = await Promise.all([
      world.call('POST', '/clients/create', clientDocument(server.id, text, world.images.client)),
      world.call('POST', '/clients/create', clientDocument(server.id, 'fine', text)),
      world.call('POST', '/clients/create', clientDocument(text, 'fine', world.images.client)),
      world.call('GET', `/clients/${encodeURIComponent(text.slice(0, 4000))}`),
      world.call('GET', `/clients?filter[search]=${encodeURIComponent(text.slice(0, 4000))}`),
      world.call('GET', `/operations/${encodeURIComponent(text.slice(0, 4000))}/log`),
    ]);
    for (const { status, text: body } of answers) {
      expect(status).toBeLessThan(500);
      expect(body).not.toMatch(/node:internal|\.ts:\d+/);
    }
    expect(answers.slice(0, 3).every(({ status }) => [400, 404, 409, 413, 422].includes(status))).toBe(true);
  },
);

test('names and notes full of quotes and shell are data: the client is created, shown and nothing runs', async () => {
  const name = `Lab "q" 'q' \`touch /tmp/alfa-pwned\` $(touch /tmp/alfa-pwned) \\ ; DROP DATABASE mysql; -- <script>alert(1)</script> %s {{x}} \${y}`;
  const password = `p'"\\\`$(touch /tmp/alfa-pwned) ; %s`;
  const document = clientDocument(server.id, 'quotes', world.images.client, {
    name,
    notes: `${name}\nsecond line\t'`,
    ownerPassword: password,
    demo: true,
  });
  const answer = await world.call('POST', '/clients/create', document);
  expect(answer.status).toBe(202);
  expect((await followCreation(world.call, answer.body.data.id)).attributes).toMatchObject({
    completed: 'ok',
    error: null,
  });
  const shown = await world.call('GET', `/clients/${answer.body.data.id}`);
  expect(shown.body.data.attributes).toMatchObject({ name, notes: `${name}\nsecond line\t'` });
  const environment = await readFile(
    join(world.directory, 'server', 'clients', 'quotes', 'client.env'),
    'utf8',
  );
  expect(environment.split('\n').filter((line) => line.startsWith('APP_NAME='))).toHaveLength(1);
  expect(existsSync('/tmp/alfa-pwned')).toBe(false);
  const { databases } = await world.inventory();
  expect(databases).toEqual(['alfa_quotes']);
});

test('any JSON as a document, any text as a body, any query: never a 5xx', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...paths),
      fc.oneof(fc.json(), fc.string(), fc.base64String()),
      async (path, body) => {
        expect((await world.call('POST', path, body === '' ? ' ' : body)).status).toBeLessThan(500);
      },
    ),
    { numRuns: 150 },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('/clients', '/servers', '/operations'),
      fc.dictionary(
        fc.constantFrom(
          'page[number]',
          'page[size]',
          'sort',
          'filter[search]',
          'filter[status]',
          'fields[clients]',
          'x',
        ),
        fc.string(),
      ),
      async (path, query) => {
        expect(
          (await world.call('GET', `${path}?${new URLSearchParams(query).toString()}`)).status,
        ).toBeLessThan(500);
      },
    ),
    { numRuns: 150 },
  );
});

test.each([
  [415, { 'content-type': 'text/plain' }],
  [415, { 'content-type': 'application/vnd.api+json; charset=utf-8' }],
  [406, { accept: 'text/html' }],
  [406, { accept: 'application/vnd.api+json; q=1; x=y' }],
])('media types: %i for %j', async (status, headers) => {
  const answer = await world.call(
    'POST',
    '/clients/create',
    clientDocument(server.id, 'media', 'x'),
    headers,
  );
  expect([answer.status, answer.body.errors.length]).toEqual([status, 1]);
});
