import { afterEach, describe, expect, test } from '@jest/globals';
import { newId } from '@alfa-cloud/contracts';
import { commandOf, operationIdOf, stopRigs } from '../../../test/rig.ts';
import { twoServers, type TwoServers } from '../../../test/moving-servers.ts';
import { loadClient } from '../../domain/load.ts';
import { inventory } from '../../resources/inventory.ts';

afterEach(stopRigs);

const endOf = async ({ rig }: TwoServers, command: { id: string }) => {
  const end = (await rig.eventsOf(operationIdOf(command))).at(-1);
  return end?.type === 'OperationFailed' ? end.data.cause.code : end?.type;
};

const stateOf = async ({ rig, clientId }: TwoServers) => {
  const { state } = await loadClient(rig.store, clientId);
  if (state.status !== 'active') throw new Error(`The client is ${state.status}`);
  return state;
};

/** What a visitor gets: the status, and where he is told to go. */
const visit = (lab: TwoServers['one'], host: string, path = '/') => {
  const answer = lab.answer({ port: 8080, host, path });
  const page = lab.pageOf(host);
  return [page === null ? answer?.status : page.status, answer?.headers['location']].filter(Boolean);
};

const serves = async (servers: TwoServers) => {
  const { one } = servers;
  const container = one.engine.containers.get('alfa-first');
  return {
    container: [container?.status, container?.spec.restart],
    visit: visit(one, 'first.one.test', '/healthz'),
    page: one.pageOf('first.one.test'),
    home: (await stateOf(servers)).client.serverId === servers.from,
  };
};
const serving = { container: ['running', 'always'], visit: [200], page: null, home: true };

/** nginx of the server takes no new configuration; it goes on by the one that it has when files are removed. */
const refuseReloads = ({ docker }: TwoServers['one'], isMeant: () => boolean): void => {
  const exec = docker.exec.bind(docker);
  docker.exec = async (name, request, options) =>
    request.argv.join(' ') === 'nginx -s reload' && isMeant()
      ? { exitCode: 1, stdout: '', stderr: '/srv/alfa/clients/first/vhost.conf', truncated: false }
      : exec(name, request, options);
};

describe('a move', () => {
  test('brings the client with its data to the other server and leaves it stopped on the first', async () => {
    const servers = await twoServers();
    const { rig, one, two, from, to, move } = servers;
    const command = move({ holdHours: 2 });
    const result = await rig.succeed(command);
    expect(result).toMatchObject({
      from,
      to,
      cloud: 'http://first.two.test:8080',
      formerCloud: 'http://first.one.test:8080',
      closedMs: expect.any(Number),
    });
    const { client, held, containerOperationId } = await stateOf(servers);
    expect([client.serverId, containerOperationId]).toEqual([to, operationIdOf(command)]);
    expect(held).toMatchObject({ serverId: from, operationId: operationIdOf(command) });
    expect(Date.parse(held?.until ?? '') - Date.now()).toBeGreaterThan(7_000_000);
    expect([two.storage.get('alfa-first-storage'), two.database.content.get('alfa_first')]).toEqual([
      'files',
      'rows',
    ]);
    expect(one.engine.containers.get('alfa-first')).toMatchObject({
      status: 'exited',
      spec: { restart: 'no' },
    });
    expect(visit(two, 'first.two.test', '/healthz')).toEqual([200]);
    expect(two.pageOf('first.two.test')).toBeNull();
    expect(visit(one, 'first.one.test', '/a?b=1')).toEqual([308, 'http://first.two.test:8080/a?b=1']);
    expect([one.database.content.get('alfa_first'), one.storage.get('alfa-first-storage')]).toEqual([
      'rows',
      'files',
    ]);
  });

  test('passes further names on to the new server, or redirects them where that can not be reached', async () => {
    for (const [isReached, expected] of [
      [true, [200]],
      [false, [308, 'http://first.two.test:8080/healthz']],
    ] as const) {
      const servers = await twoServers({
        address: '10.0.0.2',
        ...(isReached ? {} : { labs: [{ reach: () => null }] }),
      });
      const { rig, one, clientId, move } = servers;
      await rig.succeed(commandOf('ChangeClient', { clientId, aliases: ['lab.example'] }));
      await rig.succeed(move());
      expect(visit(one, 'lab.example', '/healthz')).toEqual(expected);
    }
  });

  test('passes the main name on when it is the same on both servers', async () => {
    const { rig, one, move } = await twoServers({ address: '10.0.0.2', domain: 'one.test' });
    await rig.succeed(move());
    expect(visit(one, 'first.one.test', '/healthz')).toEqual([200]);
  });

  test('is refused where it can not be', async () => {
    const servers = await twoServers();
    const { rig, from, to, move } = servers;
    const codes = async (command: ReturnType<TwoServers['move']>) => {
      const { reply } = await rig.send(command);
      return reply?.outcome === 'rejected' ? reply.faults.map(({ code }) => code) : reply?.outcome;
    };
    expect(await codes(move({ targetServer: from }))).toEqual(['already_there']);
    expect(await codes(move({ targetServer: newId() }))).toEqual(['server_unknown']);
    await rig.send(commandOf('ChangeServer', { serverId: to, active: false }));
    expect(await codes(move())).toEqual(['server_not_active']);
    await rig.send(commandOf('ChangeServer', { serverId: to, active: true, capacity: { clients: 0 } }));
    expect(await codes(move())).toEqual(['server_full']);
    await rig.send(commandOf('ChangeServer', { serverId: to, capacity: { clients: 1 } }));
    await rig.succeed(move());
    expect(await codes(move({ targetServer: from }))).toEqual(['move_held']);
  });

  test('ends at its checks where the servers do not fit, before anything is touched', async () => {
    const servers = await twoServers();
    const { rig, two, move } = servers;
    const before = await inventory(two);
    const attempt = async () => {
      const command = move();
      await rig.send(command);
      expect([await inventory(two), await serves(servers)]).toEqual([before, serving]);
      return endOf(servers, command);
    };
    two.engine.info = { ...two.engine.info, architecture: 'aarch64' };
    expect(await attempt()).toBe('architecture_differs');
    two.engine.info = { ...two.engine.info, architecture: 'x86_64' };
    two.database.version = '10.6.12-MariaDB';
    expect(await attempt()).toBe('database_older');
    two.database.version = '10.11.2-MariaDB';
    const disk = { path: '/', totalBytes: 10 ** 12, usedBytes: 0, inodes: null, inodesFree: null };
    two.measurements.fileSystems = [{ ...disk, freeBytes: 1000 }];
    expect(await attempt()).toBe('disk_too_small');
    two.measurements.fileSystems = [{ ...disk, freeBytes: 10 ** 12, inodes: 64_000, inodesFree: 900 }];
    expect(await attempt()).toBe('disk_too_small');
    two.engine.images.delete('alfa/client:1');
    two.measurements.fileSystems = null;
    expect(await attempt()).toBe('image_not_on_server');
  });

  test.each(['target', 'storage', 'database', 'verify', 'start', 'vhost'])(
    'that fails in %s leaves the client serving and nothing on the new server',
    async (step) => {
      const unhealthy = step === 'start' ? { health: () => 500 } : {};
      const servers = await twoServers({ labs: [{}, unhealthy] });
      const { rig, two, common, move, to } = servers;
      const before = await inventory(two);
      const { transfer } = common;
      const fail = async (): Promise<never> => {
        throw Object.assign(new Error('no'), { name: 'Broken' });
      };
      if (step === 'target') two.database.databases.set('alfa_first', 'of somebody else');
      if (step === 'storage') transfer.copyStorage = fail;
      if (step === 'database') transfer.copyDatabase = fail;
      if (step === 'verify') two.storage.set = () => two.storage;
      if (step === 'vhost') refuseReloads(two, () => two.disk.files.has('clients/first/vhost.conf'));
      const command = move();
      await rig.send(command);
      const events = await rig.eventsOf(operationIdOf(command));
      const failed = events.findLast(({ type }) => type === 'OperationStepFailed');
      expect(failed?.data).toMatchObject({ step });
      expect(await serves(servers)).toEqual(serving);
      two.database.databases.delete(step === 'target' ? 'alfa_first' : '');
      expect(await inventory(two)).toEqual(before);
      expect(two.engine.containers.has('alfa-first')).toBe(false);
      // Its place is free again: the server takes as many as before.
      await rig.send(commandOf('ChangeServer', { serverId: to, capacity: { clients: 1 } }));
      const other = await rig.creation(to, { clientId: newId(), slug: 'second' });
      expect((await rig.send(other)).reply?.outcome).toBe('accepted');
    },
  );

  test('that has come past its record is not taken back when the old server is away', async () => {
    const servers = await twoServers();
    const { rig, one, two, from, to, move } = servers;
    refuseReloads(one, () => two.engine.containers.has('alfa-first'));
    await rig.succeed(move());
    expect((await stateOf(servers)).client.serverId).toBe(to);
    expect((await stateOf(servers)).held?.serverId).toBe(from);
    expect(visit(two, 'first.two.test', '/healthz')).toEqual([200]);
  });
});
