import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CloudServerError } from '@alfa-cloud/cloud-server';
import { message, reasonInWords } from '@alfa-cloud/contracts';
import {
  fakeLaboratory,
  type FakeLaboratory,
  type FakeLaboratoryOptions,
} from '../../../test/fake-laboratory.ts';
import { inNoTime, operationIdOf, startRig, stopRigs, type Rig } from '../../../test/rig.ts';
import { inventory } from '../../resources/inventory.ts';

const empty = {
  containers: ['alfa-database', 'alfa-proxy'],
  volumes: ['alfa-database'],
  networks: ['alfa'],
  databases: [],
  databaseUsers: [],
  clientFiles: [],
};

const prepared = async (
  options: FakeLaboratoryOptions = {},
  registration: Parameters<Rig['registration']>[0] = {},
) => {
  const cloud = fakeLaboratory(options);
  const rig = await startRig({ cloud, creation: inNoTime });
  const command = rig.registration(registration);
  await rig.send(command);
  return { rig, cloud, serverId: command.data.serverId };
};

const codesOf = async (rig: Rig, command: Parameters<Rig['send']>[0]) => {
  const { reply } = await rig.send(command);
  return reply?.outcome === 'rejected'
    ? reply.faults.map(({ code, pointer }) => [code, pointer])
    : reply?.outcome;
};

afterEach(stopRigs);

const endOf = async (rig: Rig, command: { id: string }) =>
  (await rig.eventsOf(operationIdOf(command))).at(-1);

describe('a creation that goes well', () => {
  let rig: Rig;
  let cloud: FakeLaboratory;
  let serverId: string;
  beforeEach(async () => {
    ({ rig, cloud, serverId } = await prepared());
  });

  test('leaves the client complete on the server and active in its stream', async () => {
    const command = await rig.creation(serverId, { expireDate: '2099-05-06' });
    const { reply } = await rig.send(command);
    expect(reply).toMatchObject({
      outcome: 'accepted',
      ids: { clientId: command.data.clientId, operationId: operationIdOf(command) },
    });
    expect(await endOf(rig, command)).toMatchObject({
      type: 'OperationSucceeded',
      data: { result: { cloud: 'http://first.lab.test:8080', imageId: 'sha256:alfa/client:1' } },
    });
    expect(await inventory(cloud)).toEqual({
      ...empty,
      containers: ['alfa-database', 'alfa-first', 'alfa-proxy'],
      networks: ['alfa', 'alfa-first'],
      volumes: ['alfa-database', 'alfa-first-storage'],
      databases: ['alfa_first'],
      databaseUsers: ['alfa_first'],
      clientFiles: ['first/client.env', 'first/owner.json', 'first/vhost.conf'],
    });
    expect(cloud.database.settings.get('alfa_first')).toEqual({
      expiresAt: '2099-05-06 23:59:59',
      maintenance: false,
      message: null,
      quickStart: true,
      tutorial: true,
    });
    expect(cloud.disk.files.get('clients/first/client.env')?.mode).toBe(0o600);
    const spec = cloud.engine.containers.get('alfa-first')?.spec;
    expect(spec).toMatchObject({
      limits: { memoryMb: 256, cpus: 1, pids: 64 },
      noNewPrivileges: true,
      capabilities: { drop: ['ALL'], add: [] },
      restart: 'always',
      network: 'alfa-first',
      ports: [],
    });
    const networksOf = (name: string) => [...(cloud.engine.containers.get(name)?.networks.keys() ?? [])];
    expect(networksOf('alfa-first')).toEqual(['alfa-first']);
    for (const name of ['alfa-proxy', 'alfa-database']) {
      expect(networksOf(name)).toEqual(['alfa', 'alfa-first']);
    }
    expect(spec?.labels).toMatchObject({
      'cloud.alfa.managed': 'true',
      'cloud.alfa.client': command.data.clientId,
      'cloud.alfa.operation': operationIdOf(command),
    });
    expect(spec?.env['DB_PASSWORD']).toBe(cloud.database.users.get('alfa_first'));
    const types = rig.store.all().flatMap(({ stream, type }) => (stream.startsWith('client-') ? [type] : []));
    expect(types).toEqual(['ClientCreationRequested', 'ClientCreated']);
  });

  test('fills in demo data only when asked for', async () => {
    const without = await rig.creation(serverId);
    await rig.send(without);
    expect(cloud.commands.filter((words) => words.includes('DemoSeeder'))).toEqual([]);
    await rig.send(await rig.creation(serverId, { slug: 'second', demo: true }));
    expect(cloud.commands.filter((words) => words.includes('DemoSeeder'))).toHaveLength(1);
  });

  test('does nothing new when the same command is delivered again', async () => {
    const command = await rig.creation(serverId);
    await rig.send(command);
    const events = rig.store.all().length;
    const { reply } = await rig.send(command);
    expect(reply).toMatchObject({ outcome: 'accepted', ids: { operationId: operationIdOf(command) } });
    expect(rig.store.all()).toHaveLength(events);
    expect(await rig.isUnderWay(command)).toBe(true);
  });

  test('writes no secret and no personal data into any event', async () => {
    const secret = 'Canary-Secret-4711';
    const command = await rig.creation(
      serverId,
      { ownerPassword: await rig.vault.seal('transport', secret) },
      { name: 'Canary Laboratory', email: 'canary@lab.example', notes: 'canary notes' },
    );
    await rig.send(command);
    const password = cloud.database.users.get('alfa_first') ?? 'missing';
    const text = JSON.stringify(rig.store.all(), (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    for (const hidden of [secret, 'anary', password]) expect(text).not.toContain(hidden);
  });
});

describe('a creation is refused', () => {
  test('with everything that is wrong at once', async () => {
    const { rig, serverId } = await prepared();
    const command = await rig.creation(serverId, {
      slug: 'proxy',
      expireDate: '2020-01-01',
      image: 'alfa/none:1',
    });
    expect(await codesOf(rig, command)).toEqual([
      ['image_not_on_server', '/data/attributes/image'],
      ['slug_reserved', '/data/attributes/slug'],
      ['expire_date_in_past', '/data/attributes/expireDate'],
    ]);
    expect(rig.store.all().filter(({ stream }) => stream.startsWith('reservation-slug'))).toEqual([]);
  });

  test('for a server that does not exist, is not active, or is full', async () => {
    const { rig } = await prepared();
    expect(await codesOf(rig, await rig.creation('00000000-0000-4000-8000-000000000000'))).toEqual([
      ['server_unknown', '/data/relationships/server'],
    ]);
    const inactive = await prepared({}, { active: false });
    expect(await codesOf(inactive.rig, await inactive.rig.creation(inactive.serverId))).toEqual([
      ['server_not_active', '/data/relationships/server'],
    ]);
    const full = await prepared({}, { capacity: { clients: 0 } });
    expect(await codesOf(full.rig, await full.rig.creation(full.serverId))).toEqual([
      ['server_full', '/data/relationships/server'],
    ]);
  });

  test('for a server whose engine is away', async () => {
    const { rig, cloud, serverId } = await prepared();
    cloud.engine.outage = new CloudServerError('transient', 'docker_unreachable', message`away`);
    expect(await codesOf(rig, await rig.creation(serverId))).toEqual([
      ['server_unreachable', '/data/relationships/server'],
    ]);
  });

  test('for an image that is no client application', async () => {
    const { rig, cloud, serverId } = await prepared();
    cloud.engine.images.set('alfa/other:1', {
      id: 'x',
      user: '',
      labels: { 'cloud.alfa.image': 'database' },
    });
    expect(await codesOf(rig, await rig.creation(serverId, { image: 'alfa/other:1' }))).toEqual([
      ['image_not_on_server', '/data/attributes/image'],
    ]);
  });

  test('when two want one slug at the same moment, to exactly one of them', async () => {
    const { rig, serverId } = await prepared();
    const commands = [await rig.creation(serverId), await rig.creation(serverId)];
    const outcomes = await Promise.all(commands.map((command) => codesOf(rig, command)));
    expect(outcomes).toContainEqual('accepted');
    expect(outcomes).toContainEqual([['slug_taken', '/data/attributes/slug']]);
  });
});

describe('a creation that fails', () => {
  const failing = async (options: FakeLaboratoryOptions) => {
    const { rig, cloud, serverId } = await prepared(options);
    const command = await rig.creation(serverId);
    await rig.send(command);
    expect(await inventory(cloud)).toEqual(empty);
    expect([...cloud.hosts.keys()]).toEqual([]);
    const end = await endOf(rig, command);
    if (end?.type !== 'OperationFailed') throw new Error(await rig.story(operationIdOf(command)));
    expect(end.data.leftovers).toEqual([]);
    return { rig, serverId, cause: end.data.cause };
  };

  test('because the container ends tells its last lines without secrets, and gives the slug back', async () => {
    let password = '';
    const { rig, serverId, cause } = await failing({
      onStart(name, container) {
        if (name !== 'alfa-first') return;
        password = container.spec.env['DB_PASSWORD'] ?? '';
        Object.assign(container, { status: 'restarting', restartCount: 3, exitCode: 7 });
      },
      lastLines: () => `cannot log in with ${password}\nfatal: no kernel\n`,
    });
    expect(cause).toEqual({
      code: 'container_exited',
      step: 'container',
      reason:
        'The container ended with exit code 7. Last lines of container alfa-first:\ncannot log in with [redacted]\nfatal: no kernel',
      message: expect.anything(),
    });
    expect(reasonInWords('ru', cause)).toBe(
      'Контейнер завершился с кодом 7. Последние строки, контейнер alfa-first:\ncannot log in with [redacted]\nfatal: no kernel',
    );
    const { reply } = await rig.send(await rig.creation(serverId));
    expect(reply?.outcome).toBe('accepted');
  });

  test('because it never becomes healthy', async () => {
    const { cause } = await failing({ health: () => 500, lastLines: () => 'licence expired\n' });
    expect(cause).toMatchObject({ code: 'unhealthy', step: 'healthy' });
    expect(cause.reason).toContain('/healthz answered 500');
    expect(cause.reason).toContain('licence expired');
  });

  test('because the migration fails', async () => {
    const { cause } = await failing({
      command: (words) =>
        words.includes('migrate') ? { exitCode: 1, stdout: 'SQLSTATE[42S02]\n' } : undefined,
    });
    expect(cause).toMatchObject({ code: 'migration_failed', step: 'migrate' });
    expect(cause.reason).toBe(
      'Migrating the database ended with exit code 1. Last lines of its output:\nSQLSTATE[42S02]',
    );
  });
});

describe('a name on the server that somebody else has', () => {
  test.each<[string, (cloud: FakeLaboratory) => void]>([
    [
      'container',
      (cloud) => {
        const proxy = cloud.engine.containers.get('alfa-proxy');
        if (proxy === undefined) throw new Error('no proxy');
        const foreign = { ...proxy, id: 'foreign', spec: { ...proxy.spec, labels: {} } };
        cloud.engine.containers.set('alfa-first', foreign);
      },
    ],
    ['volume', (cloud) => void cloud.engine.volumes.set('alfa-first-storage', {})],
    [
      'network',
      (cloud) =>
        void cloud.engine.networks.set('alfa-first', {
          labels: {},
          internal: false,
          subnets: ['10.1.0.0/28'],
        }),
    ],
    ['database', (cloud) => void cloud.database.databases.set('alfa_first', 'made by hand')],
    ['account', (cloud) => void cloud.database.users.set('alfa_first', 'theirs')],
    [
      'directory',
      (cloud) => {
        cloud.disk.directories.add('clients/first');
        cloud.disk.files.set('clients/first/notes.txt', { content: 'theirs', mode: 0o644 });
      },
    ],
  ])('%s: is a clean failure, and is left as it was', async (_what, occupy) => {
    const { rig, cloud, serverId } = await prepared();
    occupy(cloud);
    const before = {
      world: await inventory(cloud),
      users: [...cloud.database.users],
      databases: [...cloud.database.databases],
    };
    const command = await rig.creation(serverId);
    await rig.send(command);
    expect(await endOf(rig, command)).toMatchObject({
      type: 'OperationFailed',
      data: { cause: { code: 'name_occupied' }, leftovers: [] },
    });
    expect({
      world: await inventory(cloud),
      users: [...cloud.database.users],
      databases: [...cloud.database.databases],
    }).toEqual(before);
  });
});
