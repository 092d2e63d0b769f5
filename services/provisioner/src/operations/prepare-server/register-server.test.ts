import { afterEach, describe, expect, test } from '@jest/globals';
import { fakeLaboratory } from '../../../test/fake-laboratory.ts';
import { operationIdOf, startRig, stopRigs } from '../../../test/rig.ts';
import { inventory } from '../../resources/inventory.ts';
import { isAtLeast } from '../../on-server/fitness.ts';

afterEach(stopRigs);

const start = async (env: Record<string, string> = {}) => {
  const cloud = fakeLaboratory();
  return { cloud, rig: await startRig({ cloud, env }) };
};
type Rig = Awaited<ReturnType<typeof start>>['rig'];

const register = async (rig: Rig, data: Parameters<Rig['registration']>[0] = {}) => {
  const command = rig.registration(data);
  const { reply } = await rig.send(command);
  return { command, reply, end: (await rig.eventsOf(operationIdOf(command))).at(-1) };
};

const serverEvents = (rig: Rig) =>
  rig.store.all().flatMap(({ stream, type }) => (stream.startsWith('server-') ? [type] : []));

describe('registering a server', () => {
  test('prepares it and makes it ready with what was learned of it', async () => {
    const { rig, cloud } = await start();
    const { end } = await register(rig);
    expect(end?.type).toBe('OperationSucceeded');
    expect(serverEvents(rig)).toEqual(['ServerRegistered', 'ServerBecameReady']);
    expect(await inventory(cloud)).toMatchObject({
      containers: ['alfa-database', 'alfa-proxy'],
      networks: ['alfa'],
    });
    expect(cloud.disk.files.get('database/secrets/client.cnf')?.mode).toBe(0o600);
    const ready = rig.store.all().find(({ type }) => type === 'ServerBecameReady');
    expect(ready?.data).toMatchObject({ facts: { engineId: 'ENGINE', dockerVersion: '20.10.24' } });
  });

  test('over ssh keeps its private key sealed with the key of the server', async () => {
    const { rig } = await start();
    const secret = JSON.stringify({ privateKey: 'CANARY', passphrase: 'CANARY' });
    const credentials = await rig.vault.seal('transport', secret);
    const connection = { kind: 'ssh' as const, host: 'h', username: 'alfa', credentials };
    const { command, end } = await register(rig, { connection });
    expect(end?.type).toBe('OperationSucceeded');
    const registered = rig.store.all().flatMap((event) => {
      return event.type === 'ServerRegistered' && 'credentials' in event.data.connection
        ? [event.data.connection]
        : [];
    });
    expect(registered).toEqual([{ ...connection, credentials: expect.any(String) }]);
    const sealed = String(registered[0]?.credentials);
    expect(sealed.startsWith(`v1.server.${command.data.serverId}.`)).toBe(true);
    expect(await rig.vault.open(sealed)).toBe(secret);
    expect(JSON.stringify(rig.store.all().map(({ data }) => data))).not.toContain('CANARY');
  });

  test('over ssh is refused with the cause when the server is not fit, and nothing is recorded', async () => {
    const { rig, cloud } = await start();
    cloud.engine.info.version = '19.03.5';
    cloud.engine.info.systemTime = new Date(0);
    const credentials = await rig.vault.seal('transport', JSON.stringify({ privateKey: 'CANARY' }));
    const connection = { kind: 'ssh' as const, host: 'h', username: 'alfa', credentials };
    const { reply } = await register(rig, { connection });
    const pointer = '/data/attributes/connection/host';
    expect(reply).toMatchObject({
      outcome: 'rejected',
      faults: [
        { code: 'docker_too_old', pointer },
        { code: 'clock_wrong', pointer },
      ],
    });
    expect(rig.store.all()).toEqual([]);
  });

  test('is refused for a name that differs from another one by case alone', async () => {
    const { rig } = await start();
    await register(rig, { name: 'Server One' });
    const { reply } = await register(rig, { name: 'SERVER one' });
    expect(reply).toMatchObject({
      outcome: 'rejected',
      faults: [{ code: 'server_name_taken', pointer: '/data/attributes/name' }],
    });
  });
});

const network = (labels: Record<string, string>) => ({ labels, internal: false, subnets: [] });

describe('a server that is not fit', () => {
  test.each<[string, string, (cloud: ReturnType<typeof fakeLaboratory>) => void]>([
    ['docker_too_old', 'docker-version', (cloud) => void (cloud.engine.info.version = '19.03.5')],
    ['disk_too_full', 'disk', (cloud) => void (cloud.measurements.diskFreeBytes = 1024)],
    ['disk_unknown', 'disk', (cloud) => void (cloud.measurements.diskFreeBytes = null)],
    ['clock_wrong', 'clock', (cloud) => void (cloud.engine.info.systemTime = new Date(0))],
    [
      'engine_in_use',
      'engine-free',
      (cloud) => void cloud.engine.networks.set('alfa', network({ 'cloud.alfa.server': 'another' })),
    ],
    [
      'root_in_use',
      'engine-free',
      (cloud) => void cloud.disk.files.set('server.json', { content: '{}', mode: 0o644 }),
    ],
    ['name_occupied', 'network', (cloud) => void cloud.engine.networks.set('alfa', network({}))],
    ['name_occupied', 'database', (cloud) => void cloud.engine.volumes.set('alfa-database', {})],
    ['not_found', 'database', (cloud) => void cloud.engine.images.delete('alfa/mariadb:10.11')],
  ])('%s is found at the step %s, and nothing is left behind', async (code, step, spoil) => {
    const { rig, cloud } = await start();
    spoil(cloud);
    const before = await inventory(cloud);
    const { end } = await register(rig);
    expect(end).toMatchObject({ type: 'OperationFailed', data: { cause: { code, step }, leftovers: [] } });
    expect(await inventory(cloud)).toEqual(before);
    expect(serverEvents(rig)).toEqual(['ServerRegistered', 'ServerPreparationFailed']);
    expect((await register(rig)).reply?.outcome).toBe('accepted');
  });
});

test.each([
  ['20.10.24+dfsg1', true],
  ['20.10', true],
  ['27.0.1', true],
  ['20.9.9', false],
  ['19.03.15', false],
  ['unknown', false],
])('Docker %s is new enough: %s', (version, expected) => {
  expect(isAtLeast(version, '20.10')).toBe(expected);
});
