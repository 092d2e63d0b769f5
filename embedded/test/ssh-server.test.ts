import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inventory } from '@alfa-cloud/provisioner';
import { eventually, startFarm, type Farm, type FarmServer } from '@alfa-cloud/testing';
import {
  act,
  clientDocument,
  finished,
  followCreation,
  registerServer,
  type Resource,
  type Server,
} from './support/caller.ts';
import { onFarm, type Place } from './support/place.ts';
import { startWorld, type World } from './support/world.ts';

let farm: Farm;
let machine: FarmServer;
let gate: FarmServer;
let own: Place;
let world: World;
let server: Server;
let id: string;

const address = () => ({ kind: 'ssh', host: machine.address, username: 'alfa' });
const connection = () => ({
  ...address(),
  privateKey: farm.keys.rsa.privateKey,
  passphrase: farm.keys.rsa.passphrase,
});

beforeAll(async () => {
  farm = await startFarm([{ docker: true }, {}]);
  [machine, gate] = farm.servers as [FarmServer, FarmServer];
  own = onFarm(farm, machine);
  world = await startWorld({
    place: own,
    env: {
      ALFA_AVAILABILITY_INTERVAL_S: '1',
      ALFA_SERVER_WATCH_INTERVAL_S: '1',
      ALFA_MONITORING_INTERVAL_S: '1',
      ALFA_ALERT_AFTER_S: '1',
    },
  });
});
afterAll(async () => {
  await world?.dispose();
  await own?.dispose();
  await farm?.dispose();
});

/** Several rounds of samples, on a machine that has other things to do. */
const patience = { timeoutMs: 60_000 };

const serverNow = async () => (await world.call('GET', `/servers/${server.id}`)).body.data.attributes;
const clientNow = async () => (await world.call('GET', `/clients/${id}`)).body.data;
const kindsOfHistory = async (): Promise<string[]> => {
  const { body } = await world.call('GET', `/servers/${server.id}/history?page[size]=100`);
  return body.data.map(({ attributes }: Resource) => attributes['kind']);
};

test('a server over ssh is prepared: its host key is recorded, the way to Docker stands in the log', async () => {
  server = await registerServer(world.call, { connection: connection() });
  expect(server.connection).toEqual({
    kind: 'ssh',
    host: machine.address,
    port: 22,
    username: 'alfa',
    hostKey: machine.hostKey('ed25519'),
    publicKey: farm.keys.rsa.publicKey,
    keyId: null,
    hostKeyFingerprint: expect.stringMatching(/^SHA256:.{43}$/),
    jump: null,
  });
  const log = (await world.call('GET', `/operations/${server.operation?.id}/log`)).text;
  expect(log).toContain('forwarded socket /var/run/docker.sock: leads to Docker');
  expect(log).toMatch(/its host key is SHA256:\S{43} \(ssh-ed25519\)/);
  expect(await kindsOfHistory()).toContain('ServerHostKeyPinned');
});

test('a client is created on it, and what is there and works is told', async () => {
  const created = await world.call(
    'POST',
    '/clients/create',
    clientDocument(server.id, 'remote', world.images.client, { demo: true }),
  );
  id = created.body.data.id;
  const { attributes, entries } = await followCreation(world.call, id);
  expect(attributes).toMatchObject({ completed: 'ok' });
  expect(entries.map(({ message }) => message).join('\n')).toContain('create_patients_table');
  const { cloud } = (await clientNow()).links;
  expect((await world.visit(cloud)).text).toContain('Лаборатория remote');
  await eventually('the client is available', async () => (await clientNow()).attributes.available === true);
  await eventually('the server is well', async () => (await serverNow()).health === 'ok');
  const { meta } = (await world.call('GET', `/servers/${server.id}`)).body;
  expect(meta.link).toEqual({ status: 'up', failure: null, retryInMs: 0 });
  const images = (await world.call('GET', `/servers/${server.id}/images`)).body.data;
  expect(images.map(({ attributes }: Resource) => attributes['references']).flat()).toContain(
    'alfa/client:1',
  );
});

test('it tells what it and its client are busy with, now and before', async () => {
  const busy = async () => (await world.call('GET', `/servers/${server.id}`)).body.meta.monitoring;
  await eventually('everything is known', async () => !Object.values(await busy()).includes(null), patience);
  expect((await busy()).clients).toEqual([
    expect.objectContaining({ id, containers: { running: 1, total: 1 }, memoryBytes: expect.any(Number) }),
  ]);
  const path = `/servers/${server.id}/monitoring`;
  const { current, series, stepSeconds } = (await world.call('GET', `${path}?step=2`)).body.data.attributes;
  expect(stepSeconds).toBeGreaterThanOrEqual(2);
  expect(current.dockerVersion).toMatch(/^\d+\./);
  const known = (series as { about: string | null; metric: string; avg: (number | null)[] }[]).filter(
    ({ avg }) => avg.some((value) => value !== null),
  );
  expect(known.map(({ about, metric }) => `${metric} ${about ?? ''}`)).toEqual(
    expect.arrayContaining(['load ', 'cpuUser ', 'memoryUsedBytes ', 'usedPercent /srv']),
  );
  const ofClient = (await world.call('GET', `${path}?filter[client]=${id}`)).body.data.attributes.series;
  expect(ofClient.map(({ about }: { about: string }) => about)).toEqual(Array.from(ofClient, () => id));
  expect(await machine.connections()).toBe(1);
});

test('a full disk is an alert as long as it is full', async () => {
  // A busy machine may raise others meanwhile.
  const raised = async (): Promise<Resource['attributes'][]> =>
    (await serverNow()).alerts.filter(({ code }: { code: string }) => code === 'disk');
  expect(await raised()).toEqual([]);
  await machine.fillDisk();
  try {
    await eventually('the alert is raised', async () => (await raised()).length > 0, patience);
    expect(await raised()).toEqual([expect.objectContaining({ code: 'disk', about: '/srv' })]);
  } finally {
    await machine.emptyDisk();
  }
  await eventually('the alert is cleared', async () => (await raised()).length === 0, patience);
  const { data } = (await world.call('GET', `/alerts?filter[state]=past&filter[server]=${server.id}`)).body;
  expect(data.map(({ attributes }: Resource) => attributes['code'])).toContain('disk');
  expect(await kindsOfHistory()).toEqual(expect.arrayContaining(['ServerAlertRaised', 'ServerAlertCleared']));
});

test('it is used: switched, backed up, restored', async () => {
  for (const path of ['maintain_enable', 'maintain_disable', 'switch?targetImage=alfa/client:2', 'backups'])
    expect([path, (await act(world.call, 'POST', `/clients/${id}/${path}`)).status]).toEqual([path, 'ok']);
  const backup = (await world.call('GET', `/clients/${id}/backups`)).body.data[0].id;
  const restored = await act(world.call, 'POST', `/clients/${id}/restore`, {
    data: { type: 'restorations', attributes: { backupId: backup, confirm: true } },
  });
  expect(restored.status).toBe('ok');
  expect(await machine.connections()).toBe(1);
}, 240_000);

test('fifty things at once go over the one connection', async () => {
  const logins = async () => (await machine.sshdLog()).match(/Accepted publickey/g)?.length;
  const before = await logins();
  const paths = [`/servers/${server.id}`, `/servers/${server.id}/images`, `/clients/${id}/logs?tail=10`];
  const backup = act(world.call, 'POST', `/clients/${id}/backups`);
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) => world.call('GET', paths[index % paths.length] ?? '')),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(await machine.connections()).toBe(1);
  expect((await backup).status).toBe('ok');
  expect(await logins()).toBe(before);
});

test('a key pair of Alfa Cloud takes the place of the first key, while the client lives there', async () => {
  const made = await world.call('POST', '/servers/keys');
  expect(made.status).toBe(201);
  const { publicKey } = made.body.data.attributes;
  const again = await world.call('GET', `/servers/keys/${made.body.data.id}`);
  expect(again.body.data).toEqual(made.body.data);
  const change = (more: object) =>
    world.call('PATCH', `/servers/${server.id}`, {
      data: { type: 'servers', id: server.id, attributes: { connection: { ...address(), ...more } } },
    });
  const tooEarly = await change({ keyId: made.body.data.id });
  expect([tooEarly.status, tooEarly.body.errors[0].code]).toEqual([422, 'login_refused']);
  await machine.run('sh', '-c', `echo '${publicKey}' >> /run/authorized_keys`);
  const changed = await change({ keyId: made.body.data.id });
  expect([changed.status, changed.body.meta.operationId]).toEqual([200, undefined]);
  expect(changed.body.data.attributes.connection).toMatchObject({ keyId: made.body.data.id });
  expect(changed.body.meta.connection).toMatchObject({ mayUseDocker: true, maySudo: false });
  // Without a key the one of before stays, with another user as well.
  expect((await change({})).status).toBe(200);
  expect((await act(world.call, 'POST', `/clients/${id}/reboot`)).status).toBe('ok');
  const nobody = await change({ username: 'guest' });
  expect(nobody.body.errors.map(({ code }: { code: string }) => code)).toContain('docker_not_allowed');
});

const acceptHostKey = (fingerprint: string) =>
  world.call('POST', `/servers/${server.id}/accept_host_key`, {
    data: { type: 'host-keys', attributes: { fingerprint } },
  });

test('another host key ends all work there, and is told once', async () => {
  const log = (await machine.sshdLog()).length;
  await machine.changeHostKeys();
  await eventually('the server is refused', async () => (await serverNow()).health === 'down', {
    timeoutMs: 60_000,
  });
  expect((await serverNow()).healthReasons).toMatchObject([{ code: 'host_key_changed' }]);
  expect(await serverNow()).toMatchObject({ refusedHostKey: { hostKey: machine.hostKey('ed25519') } });
  const failed = await act(world.call, 'POST', `/servers/${server.id}/prepare`);
  expect(failed).toMatchObject({ status: 'error', error: { code: 'host_key_changed', step: 'host-key' } });
  const { link } = (await world.call('GET', `/servers/${server.id}`)).body.meta;
  expect(link).toMatchObject({ status: 'down', failure: { code: 'host_key_changed' } });
  expect((await machine.sshdLog()).slice(log)).not.toContain('Accepted publickey');
  expect((await kindsOfHistory()).filter((kind) => kind === 'ServerHostKeyRefused')).toHaveLength(1);

  const wrong = await acceptHostKey(`SHA256:${'A'.repeat(43)}`);
  expect([wrong.status, wrong.body.errors[0].code]).toEqual([422, 'host_key_differs']);
  const { fingerprint } = (await serverNow()).refusedHostKey;
  const accepted = await acceptHostKey(fingerprint);
  expect(accepted.status).toBe(200);
  expect(accepted.body.data.attributes).toMatchObject({
    refusedHostKey: null,
    connection: { hostKey: machine.hostKey('ed25519'), hostKeyFingerprint: fingerprint },
  });
  await eventually('the server is well again', async () => (await serverNow()).health === 'ok', {
    timeoutMs: 60_000,
  });
  expect((await act(world.call, 'POST', `/clients/${id}/reboot`)).status).toBe('ok');
});

test('behind a jump host it is worked with as before, and a jump host with another key is refused', async () => {
  const direct = ['INPUT', '-s', machine.address.replace(/\d+$/, '1'), '-p', 'tcp', '--dport', '22'];
  const refuse = ['-j', 'REJECT', '--reject-with', 'tcp-reset'];
  await machine.run('iptables', '-A', ...direct, ...refuse);
  const by = (jump: object | null) =>
    world.call('PATCH', `/servers/${server.id}`, {
      data: {
        type: 'servers',
        id: server.id,
        attributes: { connection: { ...address(), ...(jump === null ? {} : { jump }) } },
      },
    });
  const login = { host: gate.address, username: 'guest', privateKey: farm.keys.ecdsa.privateKey };
  const refused = async (jump: object) => {
    const { status, body } = await by(jump);
    const { code, source, detail } = body.errors[0];
    return [status, code, source.pointer.replace('/data/attributes/connection', ''), detail.split(':')[0]];
  };
  const at = 'At the jump host';
  expect(await refused({ ...login, username: 'nobody-here' })).toEqual([
    422,
    'login_refused',
    '/jump/privateKey',
    at,
  ]);
  expect(await refused({ ...login, port: 2222 })).toEqual([422, 'connection_failed', '/jump/port', at]);
  const changed = await by(login);
  expect([changed.status, changed.body.meta.operationId]).toEqual([200, undefined]);
  const shown = {
    host: gate.address,
    port: 22,
    username: 'guest',
    keyId: null,
    publicKey: farm.keys.ecdsa.publicKey,
    hostKey: gate.hostKey('ed25519'),
    hostKeyFingerprint: expect.stringMatching(/^SHA256:/),
  };
  expect((await serverNow()).connection.jump).toEqual(shown);
  expect(changed.body.meta.connection.jump).toEqual({ hostKeyFingerprint: shown.hostKeyFingerprint });
  expect((await act(world.call, 'POST', `/clients/${id}/reboot`)).status).toBe('ok');
  // That of the check of the change may still be closing.
  await eventually('one connection', async () => (await gate.connections()) === 1);

  await gate.changeHostKeys();
  await eventually('it is refused', async () => (await serverNow()).refusedHostKey?.of === 'jump', patience);
  const accepted = await acceptHostKey((await serverNow()).refusedHostKey.fingerprint);
  expect(accepted.body.data.attributes).toMatchObject({
    refusedHostKey: null,
    connection: { hostKey: machine.hostKey('ed25519'), jump: { hostKey: gate.hostKey('ed25519') } },
  });
  expect((await act(world.call, 'POST', `/clients/${id}/reboot`)).status).toBe('ok');

  await machine.run('iptables', '-D', ...direct, ...refuse);
  expect((await by(null)).body.data.attributes.connection.jump).toBe(null);
});

test('it is deleted, and nothing of it is left there', async () => {
  const gone = await world.call('DELETE', `/clients/${id}?confirm=remote`);
  expect((await finished(world.call, gone.body.data.id)).status).toBe('ok');
  // The connection of before knows the former host key.
  await own.dispose();
  own = onFarm(farm, machine);
  expect(await inventory(own.server)).toEqual({
    containers: ['alfa-database', 'alfa-proxy'],
    volumes: ['alfa-database'],
    networks: ['alfa'],
    databases: [],
    databaseUsers: [],
    clientFiles: [],
  });
});
