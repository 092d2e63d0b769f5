import { afterEach, describe, expect, test } from '@jest/globals';
import { type ClientEvent, type Command, type CommandData, message, streams } from '@alfa-cloud/contracts';
import { CloudServerError } from '@alfa-cloud/cloud-server';
import { causeOf, rejectOperation } from '@alfa-cloud/operations';
import {
  fakeLaboratory,
  type FakeLaboratory,
  type FakeLaboratoryOptions,
} from '../../../test/fake-laboratory.ts';
import {
  commandOf,
  inNoTime,
  operationIdOf,
  startRig,
  stopRigs,
  type Rig,
  type RigOptions,
} from '../../../test/rig.ts';

afterEach(stopRigs);

const host = 'first.lab.test';

type Name =
  | 'RebootClient'
  | 'EnableMaintenance'
  | 'DisableMaintenance'
  | 'EnableDemo'
  | 'DisableDemo'
  | 'SetOwnerPassword'
  | 'CountUsers'
  | 'ChangeExpireDate';
type Action = Command<CommandData<Name>, Name>;

const withClient = async (
  options: FakeLaboratoryOptions = {},
  more: Partial<RigOptions> & { data?: Partial<CommandData<'CreateClient'>> } = {},
) => {
  const cloud = fakeLaboratory(options);
  const rig = await startRig({ cloud, creation: inNoTime, ...more });
  const registration = rig.registration();
  await rig.send(registration);
  const creation = await rig.creation(registration.data.serverId, more.data);
  await rig.send(creation);
  const { clientId } = creation.data;
  const events = async () => (await rig.store.read<ClientEvent>(streams.client(clientId))).events;
  return {
    rig,
    cloud,
    clientId,
    creation,
    events,
    typesOf: async (command: { id: string }) =>
      (await events()).flatMap(({ type, data }) =>
        'operationId' in data && data.operationId === operationIdOf(command) ? [type] : [],
      ),
  };
};

const endOf = async (rig: Rig, command: { id: string }) =>
  (await rig.eventsOf(operationIdOf(command))).at(-1);

const succeed = async (rig: Rig, command: Action) => {
  const { reply, error } = await rig.send(command);
  expect({ reply, error }).toMatchObject({ reply: { outcome: 'accepted' }, error: null });
  const end = await endOf(rig, command);
  if (end?.type !== 'OperationSucceeded') throw new Error(await rig.story(operationIdOf(command)));
  return end.data.result;
};

const refusal = async (rig: Rig, command: Action) => {
  const { reply } = await rig.send(command);
  return reply?.outcome === 'rejected' ? reply.faults : reply?.outcome;
};

const look = (cloud: FakeLaboratory, path = '/') => cloud.get({ port: 8080, host, path });

describe('maintenance', () => {
  test('shows its page, tells the application, and takes both back', async () => {
    const { rig, cloud, clientId, typesOf } = await withClient();
    const enable = commandOf('EnableMaintenance', { clientId, message: 'Обновляем <b>всё</b>' });
    await succeed(rig, enable);
    const page = await look(cloud);
    expect(page).toMatchObject({
      status: 503,
      headers: { 'retry-after': '120', 'cache-control': 'no-store' },
    });
    expect(page.body).toContain('Обновляем &#60;b&#62;всё&#60;&#47;b&#62;');
    expect((await look(cloud, '/healthz')).status).toBe(200);
    expect(cloud.database.settings.get('alfa_first')).toMatchObject({
      maintenance: true,
      message: 'Обновляем <b>всё</b>',
      expiresAt: '2099-12-31 23:59:59',
    });
    expect(cloud.commands.at(-1)).toBe('php artisan down');
    expect(await typesOf(enable)).toEqual([
      'ClientOperationBegun',
      'ClientMaintenanceEnabled',
      'ClientOperationEnded',
    ]);

    await succeed(rig, commandOf('DisableMaintenance', { clientId }));
    expect((await look(cloud)).status).toBe(200);
    expect(cloud.database.settings.get('alfa_first')).toMatchObject({ maintenance: false, message: null });
    expect(cloud.commands.at(-1)).toBe('php artisan up');
  });

  test('enabled again changes the message, and says nothing new when there is nothing new', async () => {
    const { rig, cloud, clientId, typesOf } = await withClient();
    await succeed(rig, commandOf('EnableMaintenance', { clientId, message: 'one' }));
    await succeed(rig, commandOf('EnableMaintenance', { clientId, message: 'two' }));
    expect((await look(cloud)).body).toContain('two');
    const again = commandOf('EnableMaintenance', { clientId, message: 'two' });
    await succeed(rig, again);
    expect(await typesOf(again)).toEqual(['ClientOperationBegun', 'ClientOperationEnded']);
  });

  test('works while the container is stopped, and a reboot tells the application what it missed', async () => {
    const { rig, cloud, clientId } = await withClient();
    await cloud.docker.stopContainer('alfa-first');
    const enable = commandOf('EnableMaintenance', { clientId });
    await succeed(rig, enable);
    expect(await rig.story(operationIdOf(enable))).toContain('the application was not told');
    expect(await look(cloud)).toMatchObject({ status: 503 });
    expect(cloud.commands).not.toContain('php artisan down');
    await succeed(rig, commandOf('RebootClient', { clientId }));
    expect(cloud.commands.at(-1)).toBe('php artisan down');
  });

  test('that fails puts back what was', async () => {
    const { rig, cloud, clientId, typesOf } = await withClient({
      command: (words) =>
        words === 'php artisan down' ? { exitCode: 1, stderr: 'no such command' } : undefined,
    });
    const enable = commandOf('EnableMaintenance', { clientId });
    await rig.send(enable);
    expect(await endOf(rig, enable)).toMatchObject({
      type: 'OperationFailed',
      data: { cause: { code: 'maintenance_failed', step: 'application' }, leftovers: [] },
    });
    expect((await look(cloud)).status).toBe(200);
    expect(cloud.database.settings.get('alfa_first')).toMatchObject({ maintenance: false });
    expect(await typesOf(enable)).toEqual(['ClientOperationBegun', 'ClientOperationEnded']);
    expect(await refusal(rig, commandOf('RebootClient', { clientId }))).toBe('accepted');
  });
});

describe('demo data', () => {
  const seeders = (cloud: FakeLaboratory) =>
    cloud.commands.filter((words) => words.includes('Seeder')).map((words) => /class=(\w+)/.exec(words)?.[1]);

  test('is filled in once, taken away once', async () => {
    const { rig, cloud, clientId, typesOf } = await withClient();
    await succeed(rig, commandOf('EnableDemo', { clientId }));
    const again = commandOf('EnableDemo', { clientId });
    await succeed(rig, again);
    await succeed(rig, commandOf('DisableDemo', { clientId }));
    await succeed(rig, commandOf('DisableDemo', { clientId }));
    expect(seeders(cloud)).toEqual(['DemoSeeder', 'DemoInverseSeeder']);
    expect(await typesOf(again)).toEqual(['ClientOperationBegun', 'ClientOperationEnded']);
  });

  test('of a client created with it is not filled in again', async () => {
    const { rig, cloud, clientId } = await withClient({}, { data: { demo: true } });
    await succeed(rig, commandOf('EnableDemo', { clientId }));
    expect(seeders(cloud)).toEqual(['DemoSeeder']);
  });

  test('whose removal failed half way can be filled in or removed by sending the command again', async () => {
    let ill = true;
    const { rig, cloud, clientId } = await withClient(
      {
        command: (words) =>
          words.includes('Inverse') && ill ? { exitCode: 1, stderr: 'deadlock' } : undefined,
      },
      { data: { demo: true } },
    );
    const failing = commandOf('DisableDemo', { clientId });
    await rig.send(failing);
    expect(await endOf(rig, failing)).toMatchObject({ data: { cause: { code: 'demo_failed' } } });
    ill = false;
    await succeed(rig, commandOf('EnableDemo', { clientId }));
    expect(seeders(cloud)).toEqual(['DemoSeeder', 'DemoInverseSeeder', 'DemoSeeder']);
  });
});

describe("the owner's password", () => {
  test('goes to the application by standard input, and nowhere else in clear', async () => {
    const { rig, cloud, clientId, typesOf, events } = await withClient();
    const secret = 'Canary-Secret-4711';
    const command = commandOf('SetOwnerPassword', {
      clientId,
      password: await rig.vault.seal('transport', secret),
    });
    await succeed(rig, command);
    expect(cloud.inputs.at(-1)).toBe(`owner@first.example\n${secret}\n`);
    expect(cloud.commands.join('\n')).not.toContain(secret);
    const text = JSON.stringify(rig.store.all(), (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(text).not.toContain(secret);
    expect(await typesOf(command)).toEqual([
      'ClientOperationBegun',
      'ClientOwnerPasswordChanged',
      'ClientOperationEnded',
    ]);
    const changed = (await events()).find(({ type }) => type === 'ClientOwnerPasswordChanged');
    if (changed?.type !== 'ClientOwnerPasswordChanged') throw new Error('no event');
    expect(JSON.parse(await rig.vault.open(changed.data.secrets))).toMatchObject({
      ownerPassword: secret,
      databasePassword: cloud.database.users.get('alfa_first'),
    });
  });

  test('that the application refuses stays the old one, and is not told in the reason', async () => {
    const secret = 'Canary-Secret-4711';
    let armed = false;
    const { rig, clientId, typesOf } = await withClient({
      command: (words) =>
        words.includes('owner') && armed ? { exitCode: 2, stderr: `bad: ${secret}` } : undefined,
    });
    armed = true;
    const command = commandOf('SetOwnerPassword', {
      clientId,
      password: await rig.vault.seal('transport', secret),
    });
    await rig.send(command);
    expect(await typesOf(command)).toEqual(['ClientOperationBegun', 'ClientOperationEnded']);
    const story = await rig.story(operationIdOf(command));
    expect(story).toContain('owner_failed');
    expect(story).not.toContain(secret);
  });
});

describe('the count of users', () => {
  test.each([
    ['7\n', 7],
    ['0', 0],
  ])('%j is recorded', async (stdout, users) => {
    const { rig, clientId, events } = await withClient({
      command: (words) => (words.includes('users-count') ? { stdout } : undefined),
    });
    expect(await succeed(rig, commandOf('CountUsers', { clientId }))).toMatchObject({ users });
    expect((await events()).find(({ type }) => type === 'ClientUsersCounted')?.data).toMatchObject({ users });
  });

  test.each(['', 'seven', '7 users', '-1', '1e3', 'Deprecated: x\n7'])('%j is refused', async (stdout) => {
    const { rig, clientId, typesOf } = await withClient({
      command: (words) => (words.includes('users-count') ? { stdout } : undefined),
    });
    const command = commandOf('CountUsers', { clientId });
    await rig.send(command);
    expect(await endOf(rig, command)).toMatchObject({ data: { cause: { code: 'not_a_number' } } });
    expect(await typesOf(command)).toEqual(['ClientOperationBegun', 'ClientOperationEnded']);
  });
});

describe('a reboot', () => {
  test('starts the container again and is recorded when it is healthy', async () => {
    const starts: string[] = [];
    const { rig, clientId, typesOf } = await withClient({ onStart: (name) => void starts.push(name) });
    const command = commandOf('RebootClient', { clientId });
    await succeed(rig, command);
    expect(starts.filter((name) => name === 'alfa-first')).toHaveLength(2);
    expect(await typesOf(command)).toEqual(['ClientOperationBegun', 'ClientOperationEnded']);
  });

  test('after which the application is ill ends as an error that says why', async () => {
    let ill = false;
    const { rig, cloud, clientId, typesOf } = await withClient({
      health: () => (ill ? 500 : 200),
      lastLines: () => 'licence expired\n',
    });
    ill = true;
    const command = commandOf('RebootClient', { clientId });
    await rig.send(command);
    expect(await endOf(rig, command)).toMatchObject({
      data: { cause: { code: 'unhealthy', step: 'healthy' } },
    });
    expect(await typesOf(command)).toEqual(['ClientOperationBegun', 'ClientOperationEnded']);
    expect(cloud.engine.containers.get('alfa-first')?.status).toBe('running');
  });

  test.each<[string, (cloud: FakeLaboratory) => unknown]>([
    [
      'that was detached is attached again',
      ({ docker }) => docker.disconnectNetwork('alfa-first', 'alfa-first'),
    ],
    [
      'whose network is gone gets another one',
      async ({ docker }) => {
        for (const name of ['alfa-first', 'alfa-proxy', 'alfa-database']) {
          await docker.disconnectNetwork('alfa-first', name);
        }
        await docker.removeNetwork('alfa-first');
      },
    ],
    [
      'that the proxy was detached from is found again',
      ({ docker }) => docker.disconnectNetwork('alfa-first', 'alfa-proxy'),
    ],
  ])('of a container %s', async (_what, spoil) => {
    const { rig, cloud, clientId } = await withClient();
    await spoil(cloud);
    await succeed(rig, commandOf('RebootClient', { clientId }));
    expect((await cloud.get({ port: 8080, host: 'first.lab.test', path: '/' })).status).toBe(200);
  });

  test("of a container that is somebody else's is refused", async () => {
    const { rig, cloud, clientId } = await withClient();
    const container = cloud.engine.containers.get('alfa-first');
    if (container === undefined) throw new Error('no container');
    container.spec = { ...container.spec, labels: {} };
    const command = commandOf('RebootClient', { clientId });
    await rig.send(command);
    expect(await endOf(rig, command)).toMatchObject({ data: { cause: { code: 'name_occupied' } } });
    expect(container.startedAt).toBe(`start-${container.id}-0`);
  });
});

describe('one operation at a time', () => {
  test('of two commands sent at once exactly one is refused, with the id of the other', async () => {
    const { rig, clientId } = await withClient();
    const commands = [
      commandOf('RebootClient', { clientId }),
      commandOf('EnableMaintenance', { clientId }),
    ] as const;
    const [first, second] = await Promise.all(commands.map((command) => refusal(rig, command)));
    expect(first).toBe('accepted');
    expect(second).toMatchObject([
      { code: 'operation_in_progress', meta: { operationId: operationIdOf(commands[0]) } },
    ]);
  });

  test('a client that is not there, not ready or failed is refused with its own code', async () => {
    const { rig, creation } = await withClient({ health: () => 500 });
    const codes = async (clientId: string) => {
      const faults = await refusal(rig, commandOf('RebootClient', { clientId }));
      return Array.isArray(faults) ? faults.map(({ code }) => code) : faults;
    };
    expect(await codes('00000000-0000-4000-8000-000000000000')).toEqual(['not_found']);
    expect(await codes(creation.data.clientId)).toEqual(['client_not_active']);
  });

  test('a command delivered again after its end does nothing new', async () => {
    const { rig, clientId } = await withClient();
    const command = commandOf('RebootClient', { clientId });
    await succeed(rig, command);
    await succeed(rig, commandOf('EnableMaintenance', { clientId }));
    const events = rig.store.all().length;
    await succeed(rig, command);
    expect(rig.store.all()).toHaveLength(events);
  });

  test('a command that was poison after it had begun does not block the client', async () => {
    const { rig, clientId, typesOf } = await withClient();
    const command = commandOf('RebootClient', { clientId });
    const append = rig.store.append.bind(rig.store);
    rig.store.append = async (stream, ...rest) => {
      if (stream === streams.operation(operationIdOf(command))) throw new Error('broken');
      return append(stream, ...rest);
    };
    expect((await rig.send(command)).error).toMatchObject({ message: 'broken' });
    rig.store.append = append;
    expect(await refusal(rig, commandOf('CountUsers', { clientId }))).toMatchObject([
      { code: 'operation_in_progress' },
    ]);
    await rig.endPoison({ subject: 's', sequence: 1, command, faults: [] });
    expect(await typesOf(command)).toEqual(['ClientOperationBegun', 'ClientOperationEnded']);
    expect(await refusal(rig, commandOf('RebootClient', { clientId }))).toBe('accepted');
  });

  test('an operation that was given up without telling the client of its end does not block it', async () => {
    const { rig, clientId, typesOf } = await withClient();
    const command = commandOf('RebootClient', { clientId });
    const failure = { code: 'no_progress', reason: 'given up', step: null };
    const operationId = operationIdOf(command);
    await rejectOperation(rig.store, {
      operationId,
      command: command.name,
      failure,
      cause: causeOf(command),
    });
    await rig.send(command);
    expect(await typesOf(command)).toEqual(['ClientOperationBegun', 'ClientOperationEnded']);
  });

  test('a server that refuses everything fails the operation and frees the client', async () => {
    const { rig, cloud, clientId, typesOf } = await withClient();
    cloud.engine.outage = new CloudServerError('final', 'docker_refused', message`no`);
    const command = commandOf('RebootClient', { clientId });
    await rig.send(command);
    cloud.engine.outage = null;
    expect(await endOf(rig, command)).toMatchObject({ type: 'OperationFailed' });
    expect(await typesOf(command)).toEqual(['ClientOperationBegun', 'ClientOperationEnded']);
  });
});
