import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CloudServer } from '@alfa-cloud/cloud-server';
import { inMemoryEventStore } from '@alfa-cloud/event-sourcing/testing';
import { inMemoryVault } from '@alfa-cloud/secrets/testing';
import { eventually, freePort } from '@alfa-cloud/testing';
import { loadClient } from '../src/domain/load.ts';
import { upstreamName } from '../src/on-server/names.ts';
import { inventory } from '../src/resources/inventory.ts';
import { listedIn } from './bulk-rig.ts';
import { kindsOfServers, type RealServer } from './real-server.ts';
import { commandOf, startRig, type Rig, type RigOptions } from './rig.ts';

describe.each(kindsOfServers)('on a server of kind %s', (_kind, start) => {
  /** A server with packet filter rules as Docker makes them, on which packets are forwarded: what keeps clients apart here does so on a real one. */
  let server: RealServer;
  let cloud: CloudServer;
  let rig: Rig;
  let httpPort: number;
  let serverId: string;
  const clients = new Map<string, string>();

  const store = inMemoryEventStore();
  const vault = inMemoryVault();
  /** What the provisioners of this file share. */
  const common = (): RigOptions => ({
    cloud,
    store,
    vault,
    creation: { observeMs: 1500 },
    readModels: listedIn(() => store),
  });

  beforeAll(async () => {
    server = await start({ ownNetwork: true });
    ({ cloud } = server);
    rig = await startRig(common());
    httpPort = await freePort();
    const registration = rig.registration({ proxy: { httpPort } });
    ({ serverId } = registration.data);
    await rig.succeed(registration);
    for (const slug of ['one', 'two']) {
      // A scan takes a few processes for each port.
      const limits = { memoryMb: 256, cpus: 1, pids: 512 };
      const creation = await rig.creation(serverId, { slug, limits });
      await rig.succeed(creation);
      clients.set(slug, creation.data.clientId);
    }
  }, 400_000);

  afterAll(() => server?.dispose());

  const idOf = (slug: string): string => clients.get(slug) ?? '';

  /** Addresses of a container by network. */
  const addressesOf = async (container: string): Promise<Record<string, string>> => {
    const { NetworkSettings } = await server.engine.docker.getContainer(container).inspect();
    return Object.fromEntries(
      Object.entries(NetworkSettings.Networks).map(([network, { IPAddress }]) => [network, IPAddress]),
    );
  };

  const ports = ['22', '80', '443', '3306', '8000', '8080', '9000'];

  /** Tries ports from inside a container; the answer names those that took the connection. */
  const scan = async (from: string, hosts: readonly string[], tried = ports): Promise<string[]> => {
    const script =
      'for at in "$@"; do (timeout 2 bash -c "</dev/tcp/${at%:*}/${at##*:}" && echo "$at") & done 2>/dev/null; wait';
    const places = hosts.flatMap((host) => tried.map((port) => `${host}:${port}`));
    const argv = ['bash', '-c', script, 'scan', ...places];
    const { stdout } = await cloud.docker.exec(from, { argv }, { deadlineMs: 60_000 });
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .sort();
  };

  /** What a scan finds is that and nothing else. It is repeated until it has found that: a connection may take longer than a scan waits for it. */
  const expectFound = async (
    from: string,
    hosts: readonly string[],
    there: readonly string[],
  ): Promise<void> => {
    const found = new Set<string>();
    await eventually(
      `a scan from ${from}`,
      async () => {
        for (const place of await scan(from, hosts)) found.add(place);
        return there.every((place) => found.has(place));
      },
      { timeoutMs: 60_000 },
    );
    expect([...found].sort()).toEqual([...there].sort());
  };

  /** Every name and address under which one client could find another one, and its way to its own database and proxy. */
  const expectApart = async (): Promise<void> => {
    const directions = [
      ['one', 'two'],
      ['two', 'one'],
    ] as const;
    await Promise.all(directions.map(([from, other]) => expectOutOfReach(from, other)));
  };

  const expectOutOfReach = async (from: string, other: string): Promise<void> => {
    const { state } = await loadClient(rig.store, idOf(other));
    if (state.status !== 'active') throw new Error(`${other} is ${state.status}`);
    const alias = upstreamName(state.containerOperationId);
    const addresses = Object.values(await addressesOf(`alfa-${other}`));
    expect(addresses).not.toContain('');
    // Nor by way of what stands in both networks: their addresses in the other's network lead nowhere.
    const inBoth = await Promise.all(['alfa-proxy', 'alfa-database'].map(addressesOf));
    const beyond = inBoth.map((of) => of[`alfa-${other}`] ?? of[`alfa-${other}.inner`] ?? '');
    expect(beyond).not.toContain('');
    // The scan sees what is there: from where it may, and from the proxy.
    const hosts = [`alfa-${other}`, alias, ...addresses, ...beyond, 'alfa-database', 'alfa-proxy'];
    await Promise.all([
      expectFound(`alfa-${from}`, hosts, ['alfa-database:3306', 'alfa-proxy:80']),
      expectFound(
        'alfa-proxy',
        [alias, ...addresses],
        [alias, ...addresses].map((host) => `${host}:8000`),
      ),
    ]);
  };

  const page = async (slug: string): Promise<number> =>
    (await cloud.get({ port: httpPort, host: `${slug}.lab.test`, path: '/healthz' })).status;

  /** How a server looks that an older version has made: all containers of the clients on the one network. */
  const asOfOld = async (): Promise<void> => {
    for (const slug of ['one', 'two']) {
      const name = `alfa-${slug}`;
      const { state } = await loadClient(rig.store, idOf(slug));
      if (state.status !== 'active') throw new Error(`${slug} is ${state.status}`);
      await cloud.docker.connectNetwork('alfa', name, {
        aliases: [upstreamName(state.containerOperationId)],
      });
      for (const each of [name, 'alfa-proxy', 'alfa-database'])
        await cloud.docker.disconnectNetwork(name, each);
      await cloud.docker.removeNetwork(name);
    }
  };

  /** Deploys to all clients of the server, whose visitors go on asking. */
  const deploy = async (by: Rig): Promise<void> => {
    const over = new AbortController();
    const seen = new Set<number>();
    const visitors = (async () => {
      while (!over.signal.aborted) for (const slug of clients.keys()) seen.add(await page(slug));
    })();
    try {
      expect(await by.succeed(commandOf('DeployClients', { serverId }))).toMatchObject({ ok: 2 });
    } finally {
      over.abort();
    }
    await visitors;
    expect([...seen]).toEqual([200]);
  };

  const answering = (): Promise<unknown> =>
    eventually(
      'the clients to answer',
      async () => (await page('one')) === 200 && (await page('two')) === 200,
      { timeoutMs: 60_000 },
    );

  test('no client reaches another one, by name or address, through a switch and restarts of the engine', async () => {
    await expectApart();
    await rig.succeed(commandOf('SwitchImage', { clientId: idOf('one'), targetImage: 'alfa/client:2' }));
    await expectApart();
    await server.engine.stop();
    await server.engine.start();
    await answering();
    await expectApart();
    await server.cutPower();
    await answering();
    await expectApart();
  }, 400_000);

  test('clients of an older installation reach one another until they are deployed to, which no visitor notices', async () => {
    await asOfOld();
    await answering();
    expect(await scan('alfa-one', ['alfa-two'])).toEqual(['alfa-two:8000']);
    await deploy(rig);
    await expectApart();
  }, 400_000);

  test('what is outside is reached unless that is forbidden', async () => {
    const { outside = '' } = server.engine;
    const listener = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => listener.listen(0, outside, resolve));
    try {
      const { port } = listener.address() as AddressInfo;
      const reached = () => scan('alfa-one', [outside], [String(port)]);
      expect(await reached()).toEqual([`${outside}:${port}`]);
      const forbidding = await startRig({ ...common(), env: { ALFA_CLIENT_OUTSIDE: 'deny' } });
      await deploy(forbidding);
      expect(await reached()).toEqual([]);
      await expectApart();
      expect((await cloud.docker.networks()).map(({ name }) => name)).not.toContain('alfa-one');
    } finally {
      listener.close();
    }
  }, 400_000);

  test('a deleted client leaves no network, and the proxy starts without it', async () => {
    await rig.succeed(
      commandOf('DeleteClient', { clientId: idOf('two'), confirm: 'two', withoutBackup: true }),
    );
    expect((await inventory(cloud)).networks).toEqual(['alfa', 'alfa-one.inner']);
    await cloud.docker.stopContainer('alfa-proxy');
    await cloud.docker.startContainer('alfa-proxy');
    await eventually('the proxy to answer', async () => (await page('one')) === 200);
  });
});
