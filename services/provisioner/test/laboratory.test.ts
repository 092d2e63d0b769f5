import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { CloudServer } from '@alfa-cloud/cloud-server';
import { withEffectHooks } from '@alfa-cloud/cloud-server/testing';
import { deriveId, streams } from '@alfa-cloud/contracts';
import { freePort } from '@alfa-cloud/testing';
import { inventory, type Inventory } from '../src/index.ts';
import { removeClientNetwork } from '../src/resources/network/client-network.ts';
import { kindsOfServers, type RealServer } from './real-server.ts';
import { commandOf, operationIdOf, startRig, stopRigs, type Rig, type RigOptions } from './rig.ts';

const prepared: Inventory = {
  containers: ['alfa-database', 'alfa-proxy'],
  volumes: ['alfa-database'],
  networks: ['alfa'],
  databases: [],
  databaseUsers: [],
  clientFiles: [],
};
const nothing: Inventory = {
  ...prepared,
  containers: [],
  volumes: [],
  networks: [],
  databases: null,
  databaseUsers: null,
};

describe.each(kindsOfServers)('on a server of kind %s', (_kind, start) => {
  let server: RealServer;
  let cloud: CloudServer;
  let rig: Rig;
  let serverId: string;
  let httpPort: number;

  beforeAll(async () => {
    server = await start();
    ({ cloud } = server);
  }, 300_000);

  afterAll(() => server?.dispose());

  const endOf = async (of: Rig, command: { id: string }) => {
    const end = (await of.eventsOf(operationIdOf(command))).at(-1);
    if (end === undefined) throw new Error('The operation does not exist');
    return end;
  };

  const succeeded = async (of: Rig, command: { id: string }): Promise<void> => {
    if ((await endOf(of, command)).type !== 'OperationSucceeded') {
      throw new Error(await of.story(operationIdOf(command)));
    }
  };

  /** What the page of a client says about one thing. */
  const factOn = (body: string, fact: string) => new RegExp(`data-fact="${fact}">([^<]*)<`).exec(body)?.[1];

  const page = (host: string, path = '/') => cloud.get({ port: httpPort, host, path });

  /** Another worker on the same server, streams and keys. */
  const anotherRig = (options: Partial<RigOptions> = {}) =>
    startRig({ cloud, store: rig.store, vault: rig.vault, ...options });

  describe('preparing a server', () => {
    afterEach(stopRigs);

    test('takes back what it made when the port of the proxy is taken, and the name is free again', async () => {
      const first = await startRig({ cloud });
      const blocker = {
        image: 'alfa/nginx:1',
        env: {},
        labels: {},
        network: 'bridge',
        mounts: [],
        ports: [{ containerPort: 80, hostPort: await freePort() }],
        noNewPrivileges: false,
        capabilities: { drop: [], add: [] },
        restart: 'no' as const,
        log: { maxSizeMb: 1, maxFiles: 1 },
      };
      await cloud.docker.createContainer('blocker', blocker);
      await cloud.docker.startContainer('blocker');
      const command = first.registration({ proxy: { httpPort: blocker.ports[0]?.hostPort ?? 0 } });
      await first.send(command);
      expect(await endOf(first, command)).toMatchObject({
        type: 'OperationFailed',
        data: { cause: { code: 'port_in_use', step: 'proxy' }, leftovers: [] },
      });
      expect(await inventory(cloud)).toEqual(nothing);
      await cloud.docker.removeContainer('blocker');
      const again = first.registration({ proxy: { httpPort: await freePort() } });
      expect((await first.send(again)).reply?.outcome).toBe('accepted');
      await succeeded(first, again);

      const second = first.registration({ name: 'Another name', proxy: { httpPort: await freePort() } });
      await first.send(second);
      expect(await endOf(first, second)).toMatchObject({
        type: 'OperationFailed',
        data: { cause: { code: 'engine_in_use', step: 'engine-free' } },
      });
      expect(await inventory(cloud)).toEqual(prepared);
      await clearServer();
    });
  });

  /** Takes away a prepared server, which no command of this issue does. */
  const clearServer = async (): Promise<void> => {
    for (const name of prepared.containers) await cloud.docker.removeContainer(name);
    await cloud.docker.removeVolume('alfa-database');
    await cloud.docker.removeNetwork('alfa');
    for (const directory of ['clients', 'database', 'proxy']) await cloud.files.removeDirectory(directory);
    await cloud.files.removeFile('server.json');
  };

  describe('on a prepared server', () => {
    beforeAll(async () => {
      rig = await startRig({ cloud });
      httpPort = await freePort();
      const command = rig.registration({ proxy: { httpPort } });
      serverId = command.data.serverId;
      await rig.send(command);
      await succeeded(rig, command);
    });

    const removeClient = async (slug: string): Promise<void> => {
      await cloud.docker.removeContainer(`alfa-${slug}`);
      await cloud.docker.removeVolume(`alfa-${slug}-storage`);
      const stdin = `DROP DATABASE IF EXISTS \`alfa_${slug}\`; DROP USER IF EXISTS 'alfa_${slug}';\n`;
      const argv = ['mariadb', '--defaults-extra-file=/run/alfa/client.cnf'];
      await cloud.docker.exec('alfa-database', { argv, stdin });
      await removeClientNetwork(cloud, `alfa-${slug}`, {});
      await cloud.files.removeDirectory(`clients/${slug}`);
      await cloud.docker.exec('alfa-proxy', { argv: ['nginx', '-s', 'reload'] });
      expect(await inventory(cloud)).toEqual(prepared);
    };

    test('a client is created whose page shows its own data, whatever its name and password are made of', async () => {
      const name = `O'Reilly "Labs" \\ $HOME \`id\` %s; DROP TABLE users; -- ü 🧪`;
      const ownerPassword = `p'a"s\\s$(id)\`x\` ;-- ü#`;
      const command = await rig.creation(
        serverId,
        { slug: 'real', demo: true, ownerPassword: await rig.vault.seal('transport', ownerPassword) },
        { name },
      );
      await rig.send(command);
      await succeeded(rig, command);
      const { status, body } = await page('real.lab.test');
      expect(status).toBe(200);
      expect(factOn(body, 'owner')).toBe('owner@first.example');
      expect(factOn(body, 'patients')).toBe('5');
      expect(factOn(body, 'migrations')).toBe('3');
      expect(factOn(body, 'expires')).toBe('2099-12-31');
      expect(body).toContain('O&#039;Reilly &quot;Labs&quot; \\ $HOME `id` %s; DROP TABLE users; -- ü 🧪');
      const unknownHost = await fetch(`http://${server.engine.address}:${httpPort}/`);
      expect(unknownHost.status).toBe(404);

      const state = await server.engine.docker.getContainer('alfa-real').inspect();
      expect(state.HostConfig).toMatchObject({
        Memory: 256 * 1024 * 1024,
        MemorySwap: 256 * 1024 * 1024,
        NanoCpus: 1_000_000_000,
        PidsLimit: 64,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges:true'],
        RestartPolicy: { Name: 'always' },
      });
      const text = JSON.stringify(rig.store.all(), (_key, value: unknown) =>
        typeof value === 'bigint' ? String(value) : value,
      );
      expect(text).not.toContain(JSON.stringify(ownerPassword).slice(1, -1));
      expect(text).not.toContain('Reilly');
      await removeClient('real');
    });

    test("a client's account reaches no other database, not even one that differs by a wildcard", async () => {
      const command = await rig.creation(serverId, { slug: 'grants' });
      await rig.send(command);
      await succeeded(rig, command);
      const root = ['mariadb', '--defaults-extra-file=/run/alfa/client.cnf'];
      await cloud.docker.exec('alfa-database', { argv: root, stdin: 'CREATE DATABASE alfaXgrants;\n' });
      const env = await cloud.files.read('clients/grants/client.env');
      const password = /^DB_PASSWORD=(.*)$/m.exec(env ?? '')?.[1] ?? '';
      const asClient = (database: string) =>
        cloud.docker.exec('alfa-database', {
          argv: ['mariadb', '--user=alfa_grants', database, '--execute=SELECT 1'],
          env: { MYSQL_PWD: password },
        });
      expect(await asClient('alfa_grants')).toMatchObject({ exitCode: 0 });
      expect((await asClient('alfaXgrants')).stderr).toContain('Access denied');
      expect((await asClient('mysql')).stderr).toContain('Access denied');
      await cloud.docker.exec('alfa-database', { argv: root, stdin: 'DROP DATABASE alfaXgrants;\n' });
      await removeClient('grants');
    });

    test.each([
      ['broken', 'container_exited', 'fatal: class App\\Kernel not found'],
      ['unhealthy', 'unhealthy', 'the licence module failed its self-test'],
      ['badmigration', 'migration_failed', 'SQLSTATE[42S02]'],
    ])('the image alfa/client:%s ends in a clean error that says why', async (tag, code, words) => {
      const healthMs = tag === 'unhealthy' ? 8000 : 60_000;
      const impatient = await anotherRig({ creation: { healthMs } });
      const command = await impatient.creation(serverId, { slug: 'bad', image: `alfa/client:${tag}` });
      await impatient.send(command);
      const end = await endOf(impatient, command);
      expect(end).toMatchObject({ type: 'OperationFailed', data: { cause: { code }, leftovers: [] } });
      expect(JSON.stringify(end.data)).toContain(JSON.stringify(words).slice(1, -1));
      expect(await inventory(cloud)).toEqual(prepared);
    });

    test('a cancel in the middle takes everything back', async () => {
      const canceller = await anotherRig({
        observer: async ({ operationId, step, phase }) => {
          if (step !== 'migrate' || phase !== 'started') return;
          await canceller.send(commandOf('CancelOperation', { operationId, reason: 'changed my mind' }));
        },
      });
      const command = await canceller.creation(serverId, { slug: 'cancelled' });
      await canceller.send(command);
      expect(await endOf(canceller, command)).toMatchObject({
        type: 'OperationCancelled',
        data: { leftovers: [] },
      });
      expect(await inventory(cloud)).toEqual(prepared);
      expect((await page('cancelled.lab.test')).status).toBe(404);
      const { events } = await rig.store.read(streams.client(command.data.clientId));
      expect(events.at(-1)).toMatchObject({ type: 'ClientCreationFailed', data: { code: 'cancelled' } });
    });

    test("somebody else's container of the same name is left as it was", async () => {
      await server.engine.docker.createContainer({
        name: 'alfa-foreign',
        Image: 'alfa/nginx:1',
        Labels: { mine: 'yes' },
      });
      const command = await rig.creation(serverId, { slug: 'foreign' });
      await rig.send(command);
      expect(await endOf(rig, command)).toMatchObject({
        type: 'OperationFailed',
        data: { cause: { code: 'name_occupied' }, leftovers: [] },
      });
      expect((await cloud.docker.container('alfa-foreign'))?.labels).toMatchObject({ mine: 'yes' });
      await cloud.docker.removeContainer('alfa-foreign');
      expect(await inventory(cloud)).toEqual(prepared);
    });

    test('a worker that dies in the middle of a command in the container is succeeded by another', async () => {
      const controller = new AbortController();
      const { promise: died, resolve } = Promise.withResolvers<null>();
      const mortal = await anotherRig({
        cloud: withEffectHooks(cloud, {
          during: async ({ name, args }) => {
            if (name !== 'docker.exec' || !JSON.stringify(args).includes('migrate')) return;
            resolve(null);
            await new Promise(() => undefined);
          },
        }),
      });
      const command = await rig.creation(serverId, { slug: 'killed' });
      const ended = mortal.send(command, { signal: controller.signal });
      expect(await Promise.race([ended, died])).toBe(null);
      controller.abort(new Error('killed'));
      await rig.send(command);
      await succeeded(rig, command);
      expect((await page('killed.lab.test')).status).toBe(200);
      await removeClient('killed');
    });

    test('a restart of the Docker Engine in the middle is outlived', async () => {
      let restarted = false;
      const disturbed = await anotherRig({
        cloud: withEffectHooks(cloud, {
          during: async ({ name, args }) => {
            if (restarted || name !== 'docker.exec' || !JSON.stringify(args).includes('migrate')) return;
            restarted = true;
            await server.engine.stop();
            await server.engine.start();
          },
        }),
      });
      const command = await disturbed.creation(serverId, { slug: 'restarted' });
      await disturbed.send(command);
      await succeeded(disturbed, command);
      expect(restarted).toBe(true);
      expect(factOn((await page('restarted.lab.test')).body, 'migrations')).toBe('3');
      await removeClient('restarted');
    });

    test('the server is asked itself for its images and its load', async () => {
      const { result } = await rig.askQueries.ask('GetServerImages', { id: serverId });
      const references = result.items.flatMap((image) => image.references);
      expect(references).toEqual(expect.arrayContaining(['alfa/client:1', 'alfa/client:2']));
      expect(references).not.toContain('alfa/mariadb:10.11');
      expect(result.items.find((image) => image.references.includes('alfa/client:2'))?.version).toBe('2');
      const monitoring = await rig.askQueries.ask('GetServerMonitoring', { id: serverId });
      expect(monitoring.result.containers).toMatchObject({ running: 2, total: 2 });
      expect(monitoring.result.memoryTotalBytes).toBeGreaterThan(0);
      await expect(rig.askQueries.ask('GetServerImages', { id: deriveId('none') })).rejects.toMatchObject({
        name: 'Rejection',
      });
    });
  });
});
