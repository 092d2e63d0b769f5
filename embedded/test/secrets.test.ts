import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { EventStoreDBClient } from '@eventstore/db-client';
import { publicKeyOf } from '@alfa-cloud/cloud-server';
import { eventually, freePort, startFarm, type Farm, type FarmServer } from '@alfa-cloud/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import {
  act,
  clientDocument,
  createCaller,
  finished,
  followCreation,
  registerServer,
  type Answer,
  type Caller,
} from './support/caller.ts';
import { password, startWorld, type World } from './support/world.ts';

/** Each of them is planted once; none may be found anywhere in clear. */
const canaries = {
  firstOwnerPassword: 'canary-Owner-First-4711',
  secondOwnerPassword: 'canary-Owner-Second-4711',
  adminPassword: 'canary-Admin-Next-4711!',
  name: 'Канареечная лаборатория',
  email: 'canary-owner@secret-lab.example',
  secondEmail: 'canary-second@secret-lab.example',
  notes: 'canary-notes: ring Mrs Kanarienvogel',
  /** A line in the middle of the private key to a server. */
  sshKey: '',
  sshPassphrase: 'canary-passphrase-4711',
};
/** Made in this process: a passphrase that is given to a program stands in its command line. */
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 3072,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: {
    type: 'pkcs1',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: canaries.sshPassphrase,
  },
});
canaries.sshKey = privateKey.split('\n')[12] ?? '';
const found = (text: string): string[] => Object.values(canaries).filter((canary) => text.includes(canary));

let farm: Farm;
let world: World;
let product: ChildProcess;
let nats: NatsConnection;
let call: Caller;
let output = '';
/** Everything that went over NATS while the test ran. */
const traffic: string[] = [];
/** Command lines seen while the test ran. */
const commandLines = new Set<string>();
const watching = new AbortController();
const answers: Answer[] = [];

/** Only the projector lives in this process; everything else writes the log that is searched. */
beforeAll(async () => {
  farm = await startFarm([{ docker: 'bare' }]);
  world = await startWorld({ services: 'projector', env: { ALFA_LOG_LEVEL: 'fatal' } });
  nats = await connect({ servers: world.nats.url });
  nats.subscribe('>', {
    callback: (_error, message) =>
      void traffic.push(`${message.subject} ${Buffer.from(message.data).toString()}`),
  });
  const port = await freePort();
  product = spawn(process.execPath, ['--no-warnings', 'embedded/src/main.ts'], {
    env: {
      ...world.env,
      ALFA_SERVICES: 'provisioner,builder,notifier,api-gateway',
      ALFA_HTTP_PORT: String(port),
      ALFA_LOG_LEVEL: 'trace',
      ALFA_FREE_DISK_MIN_MB: '10',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [product.stdout, product.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  call = createCaller(`http://127.0.0.1:${port}`, password, (answer) => void answers.push(answer));
  await eventually('the product is ready', async () => (await call('GET', '/health/ready')).status === 200, {
    timeoutMs: 90_000,
  });
  void watchCommandLines();
});

afterAll(async () => {
  watching.abort();
  await nats?.close();
  if (product?.exitCode === null) {
    product.kill('SIGTERM');
    await once(product, 'exit');
  }
  await world?.dispose();
  await farm?.dispose();
});

const watchCommandLines = async (): Promise<void> => {
  while (!watching.signal.aborted) {
    // Not all the time: that would take one of the machine's processors.
    await pause(20);
    for (const pid of await readdir('/proc')) {
      if (!/^\d+$/.test(pid)) continue;
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      if (line !== '' && !line.includes('jest')) commandLines.add(line);
    }
  }
};

test('a client goes through everything that touches its secrets', async () => {
  const server = await registerServer(call);
  const created = await call(
    'POST',
    '/clients/create',
    clientDocument(server.id, 'secretive', 'alfa/client:1', {
      name: canaries.name,
      email: canaries.email,
      notes: canaries.notes,
      ownerPassword: canaries.firstOwnerPassword,
      demo: true,
    }),
  );
  const { id } = created.body.data;
  expect((await followCreation(call, id)).attributes.completed).toBe('ok');

  const owner = (attributes: object) =>
    call('POST', '/clients/owner_password', {
      data: {
        type: 'owner-passwords',
        attributes,
        relationships: { client: { data: { type: 'clients', id } } },
      },
    });
  expect(
    (await finished(call, (await owner({ password: canaries.secondOwnerPassword })).body.data.id)).status,
  ).toBe('ok');
  const changed = await call('PATCH', `/clients/${id}`, {
    data: { type: 'clients', id, attributes: { email: canaries.secondEmail, limits: { memoryMb: 300 } } },
  });
  expect((await finished(call, changed.body.meta.operationId)).status).toBe('ok');
  for (const path of ['switch?targetImage=alfa/client:2', 'migrate', 'backups', 'reboot']) {
    expect([path, (await act(call, 'POST', `/clients/${id}/${path}`)).status]).toEqual([path, 'ok']);
  }
  const failed = await act(call, 'POST', `/clients/${id}/switch?targetImage=alfa/client:broken`);
  expect(failed.status).toBe('error');
  const backup = (await call('GET', `/clients/${id}/backups`)).body.data[0].id;
  const restored = await act(call, 'POST', `/clients/${id}/restore`, {
    data: { type: 'restorations', attributes: { backupId: backup, confirm: true } },
  });
  expect(restored.status).toBe('ok');
  await call('GET', `/clients/${id}/logs?tail=1000`);

  const admin = (attributes: object) =>
    call('POST', '/cloud_admin_password', { data: { type: 'admin-passwords', attributes } });
  const wrong = await admin({ currentPassword: canaries.adminPassword, newPassword: canaries.adminPassword });
  expect(wrong.status).toBeGreaterThanOrEqual(400);

  const containers = await world.docker.docker.listContainers({ all: true });
  expect(
    found(JSON.stringify(containers.map(({ Labels, Command, Names }) => [Labels, Command, Names]))),
  ).toEqual([]);

  const gone = await call('DELETE', `/clients/${id}?confirm=secretive`);
  expect((await finished(call, gone.body.data.id)).status).toBe('ok');
}, 400_000);

test('a server over ssh is registered, refused, changed and worked with', async () => {
  const [machine] = farm.servers as [FarmServer];
  const address = { kind: 'ssh', host: machine.address, username: 'alfa' };
  const passphrase = canaries.sshPassphrase;
  const line = publicKeyOf({ privateKey, passphrase });
  await machine.run('sh', '-c', `echo '${line}' >> /run/authorized_keys`);
  const register = (name: string, more: object) =>
    call('POST', '/servers/create', {
      data: {
        type: 'servers',
        attributes: { name, domain: 'ssh.test', connection: { ...address, privateKey, ...more } },
      },
    });
  // The machine itself is a jump host as good as another.
  const jump = { host: machine.address, username: 'guest', privateKey, passphrase };
  for (const more of [
    {},
    { passphrase: 'canary?' },
    { passphrase, username: 'guest' },
    { passphrase, jump: { ...jump, passphrase: 'canary?' } },
    { passphrase, jump: { ...jump, username: 'nobody-here' } },
  ]) {
    expect((await register('refused', more)).status).toBe(422);
  }
  const registered = await register('accepted', { passphrase, jump });
  expect(registered.status).toBe(201);
  await finished(call, registered.body.meta.operationId);
  const changed = await call('PATCH', `/servers/${registered.body.data.id}`, {
    data: {
      type: 'servers',
      id: registered.body.data.id,
      attributes: { connection: { ...address, privateKey, passphrase, username: 'ops' } },
    },
  });
  expect(changed.status).toBe(422);
}, 200_000);

test('no secret stands in an answer of an error, in the log, on NATS or in a command line', () => {
  const refusals = answers.filter(({ status }) => status >= 400);
  expect(refusals.length).toBeGreaterThan(0);
  expect(found(refusals.map(({ text }) => text).join('\n'))).toEqual([]);
  const { firstOwnerPassword, secondOwnerPassword, adminPassword, sshKey, sshPassphrase } = canaries;
  const secrets = [firstOwnerPassword, secondOwnerPassword, adminPassword, sshKey, sshPassphrase];
  for (const { text } of answers) expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);

  expect(output.split('\n').length).toBeGreaterThan(20);
  expect(found(output)).toEqual([]);
  expect(traffic.length).toBeGreaterThan(100);
  // Answers of queries to the gateway hold personal data, which live nowhere but in memory; secrets they never hold.
  const stored = traffic.filter((message) => !/^(?:alfa\.queries|_INBOX)/.test(message));
  expect(found(stored.join('\n'))).toEqual([]);
  for (const message of traffic) expect(secrets.filter((secret) => message.includes(secret))).toEqual([]);
  expect(commandLines.size).toBeGreaterThan(20);
  expect(found([...commandLines].join('\n'))).toEqual([]);
});

test('no secret and nothing personal stands in an event or a stored message', async () => {
  const client = EventStoreDBClient.connectionString(String(world.env['ESDB_URL']));
  let events = 0;
  for await (const { event } of client.readAll()) {
    events += 1;
    expect(found(JSON.stringify([event?.data, event?.metadata]))).toEqual([]);
  }
  await client.dispose();
  expect(events).toBeGreaterThan(150);
  const manager = await jetstreamManager(nats);
  for await (const stream of manager.streams.list()) {
    for (let sequence = stream.state.first_seq; sequence <= stream.state.last_seq; sequence += 1) {
      const message = await manager.streams
        .getMessage(stream.config.name, { seq: sequence })
        .catch(() => null);
      expect(found(message === null ? '' : Buffer.from(message.data).toString())).toEqual([]);
    }
  }
});
