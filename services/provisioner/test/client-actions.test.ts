import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { CloudServer } from '@alfa-cloud/cloud-server';
import { streams, type ClientEvent } from '@alfa-cloud/contracts';
import { eventually, freePort } from '@alfa-cloud/testing';
import { dayIn } from '../src/domain/days.ts';
import { startRealServer, type RealServer } from './real-server.ts';
import { commandOf, operationIdOf, startRig, type Rig } from './rig.ts';

let server: RealServer;
let cloud: CloudServer;
let rig: Rig;
let httpPort: number;
let clientId: string;
let onStep: (step: string | null, phase: string) => Promise<void> = async () => {};

const host = 'actions.lab.test';
const firstPassword = 'first-password';

beforeAll(async () => {
  server = await startRealServer();
  ({ cloud } = server);
  rig = await startRig({ cloud, observer: async ({ step, phase }) => onStep(step, phase) });
  httpPort = await freePort();
  const registration = rig.registration({ proxy: { httpPort } });
  await rig.succeed(registration);
  const ownerPassword = await rig.vault.seal('transport', firstPassword);
  const creation = await rig.creation(registration.data.serverId, { slug: 'actions', ownerPassword });
  clientId = creation.data.clientId;
  await rig.succeed(creation);
}, 300_000);

afterAll(() => server?.dispose());

const look = (path = '/') => cloud.get({ port: httpPort, host, path });

/** What the application's page says about one thing. */
const fact = async (name: string) =>
  new RegExp(`data-fact="${name}">([^<]*)<`).exec((await look()).body)?.[1];

const login = (password: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const body = new URLSearchParams({ login: 'owner@first.example', password }).toString();
    const headers = {
      Host: host,
      'Content-Type': 'application/x-www-form-urlencoded',
      'Content-Length': Buffer.byteLength(body),
    };
    const call = request(
      { host: '127.0.0.1', port: httpPort, path: '/login', method: 'POST', headers, timeout: 10_000 },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    call.on('error', reject);
    call.end(body);
  });

test('maintenance shows its page with a stopped container, and afterwards the application answers again', async () => {
  const message = `Вернёмся в 18:00;\nзвоните\n\n123 "$host" \\ '{}' </p><script>alert(1)</script> 🧪`;
  await rig.succeed(commandOf('EnableMaintenance', { clientId, message }));
  await cloud.docker.stopContainer('alfa-actions');
  const page = await look('/some/style.css');
  expect(page).toMatchObject({
    status: 503,
    headers: {
      'retry-after': '120',
      'cache-control': 'no-store',
      'content-type': 'text/html; charset=utf-8',
      'x-alfa-client': 'actions',
    },
  });
  const shown = page.body.replaceAll(/&#(\d+);/g, (_all, code: string) => String.fromCodePoint(Number(code)));
  expect(shown).toContain(message);
  expect(page.body).not.toContain('<script>');

  // The longest that a message can be in nginx's configuration, which takes no word of more than 4096 bytes.
  for (const longest of ['"'.repeat(500), '🧪'.repeat(500), `a${'\n'.repeat(498)}b`]) {
    await rig.succeed(commandOf('EnableMaintenance', { clientId, message: longest }));
  }
  await rig.succeed(commandOf('EnableMaintenance', { clientId }));
  expect((await look()).body).toContain('Сейчас идут технические работы');
  await rig.succeed(commandOf('RebootClient', { clientId }));
  expect(await look()).toMatchObject({ status: 503 });
  expect((await look('/healthz')).status).toBe(200);

  await rig.succeed(commandOf('DisableMaintenance', { clientId }));
  expect((await look()).status).toBe(200);
  expect(await fact('owner')).toBe('owner@first.example');
});

test('during a migration visitors get the maintenance page by the workers that the proxy has, which need not reload', async () => {
  // A reload puts other processes in the place of the workers.
  const script =
    'for entry in /proc/[0-9]*; do read -r name < "$entry/comm"; [ "$name" != nginx ] || echo "$entry"; done';
  const workers = async () =>
    (await cloud.docker.exec('alfa-proxy', { argv: ['sh', '-c', script] })).stdout.split('\n').toSorted();
  await rig.succeed(commandOf('RebootClient', { clientId }));
  const before = await workers();
  const seen: unknown[] = [];
  onStep = async (step, phase) => {
    if (step !== 'migrate' || phase !== 'started') return;
    seen.push(await look('/some/style.css'), await look('/healthz'));
  };
  await rig.succeed(commandOf('MigrateClient', { clientId }));
  expect(seen).toMatchObject([
    {
      status: 503,
      headers: {
        'retry-after': '120',
        'cache-control': 'no-store',
        'content-type': 'text/html; charset=utf-8',
        'x-alfa-client': 'actions',
        'x-alfa-page': 'maintenance',
      },
      body: expect.stringContaining('Сейчас идут технические работы'),
    },
    { status: 200 },
  ]);
  expect((await look()).status).toBe(200);
  expect(await workers()).toEqual(before);
  expect(before).toContain('/proc/1');
});

test('demo data enabled twice is there once, and goes without a trace', async () => {
  const counts = async () => [await fact('users'), await fact('patients'), await fact('orders')];
  const before = await counts();
  await rig.succeed(commandOf('EnableDemo', { clientId }));
  const filled = await counts();
  expect(filled).toEqual(['4', '5', '10']);
  await rig.succeed(commandOf('EnableDemo', { clientId }));
  expect(await counts()).toEqual(filled);
  expect(await rig.succeed(commandOf('CountUsers', { clientId }))).toMatchObject({ users: 4 });
  await rig.succeed(commandOf('DisableDemo', { clientId }));
  expect(await counts()).toEqual(before);
  expect(await rig.succeed(commandOf('CountUsers', { clientId }))).toMatchObject({ users: 1 });
});

test("the owner's new password opens, the old one no longer does", async () => {
  expect(await login(firstPassword)).toBe(200);
  const password = `n'e"w\\$(id)\`x\` ;-- ü#`.padEnd(71, 'a');
  expect(Buffer.byteLength(password)).toBe(72);
  await rig.succeed(
    commandOf('SetOwnerPassword', { clientId, password: await rig.vault.seal('transport', password) }),
  );
  expect(await login(password)).toBe(200);
  // As long as the gateway takes them: every byte counts.
  expect(await login(`${password.slice(0, -1)}x`)).toBe(401);
  expect(await login(firstPassword)).toBe(401);
});

test('a reboot ends with the same container started anew and healthy', async () => {
  const before = await cloud.docker.container('alfa-actions');
  await rig.succeed(commandOf('RebootClient', { clientId }));
  const after = await cloud.docker.container('alfa-actions');
  expect(after).toMatchObject({ id: before?.id, status: 'running' });
  expect(after?.startedAt).not.toBe(before?.startedAt);
  expect((await look('/healthz')).status).toBe(200);
});

test('a client whose last day has ended is blocked, and open again at once when it is extended', async () => {
  const yesterday = dayIn('UTC', new Date(Date.now() - 86_400_000));
  const change = (expireDate: string, confirm: boolean) =>
    commandOf('ChangeExpireDate', { clientId, expireDate, reason: 'contract', confirm });
  const { reply } = await rig.send(change(yesterday, false));
  expect(reply).toMatchObject({ outcome: 'rejected', faults: [{ code: 'expire_date_in_past' }] });
  await rig.succeed(change(yesterday, true));
  // For a moment after a reload an old worker of the proxy may answer.
  const page = await eventually('the block', async () => {
    const shown = await look('/login');
    return shown.status === 403 && shown;
  });
  expect(page.headers).toMatchObject({ 'x-alfa-page': 'expired' });
  expect(page.body).toContain('Срок использования истёк');
  await rig.succeed(change('2098-01-02', false));
  await eventually('the page', async () => (await look()).status === 200);
  expect(await fact('expires')).toBe('2098-01-02');
  const { events } = await rig.store.read<ClientEvent>(streams.client(clientId));
  expect(
    events.flatMap(({ type, data }) => (type === 'ClientExpireDateChanged' ? [data] : [])),
  ).toMatchObject([
    { from: '2099-12-31', to: yesterday },
    { from: yesterday, to: '2098-01-02' },
  ]);
});

test('of two commands at once one is refused, while an expiry date may change beside a running operation', async () => {
  const commands = [
    commandOf('RebootClient', { clientId }),
    commandOf('EnableMaintenance', { clientId }),
  ] as const;
  const change = commandOf('ChangeExpireDate', { clientId, expireDate: '2097-03-04', reason: 'contract' });
  const replies = await Promise.all([...commands.map((command) => rig.send(command)), rig.send(change)]);
  expect(replies.map(({ reply }) => reply?.outcome)).toEqual(['accepted', 'rejected', 'accepted']);
  expect(replies[1]?.reply).toMatchObject({
    faults: [{ code: 'operation_in_progress', meta: { operationId: operationIdOf(commands[0]) } }],
  });
  expect(await fact('expires')).toBe('2097-03-04');
});
