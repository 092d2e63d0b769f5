import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CloudServer } from '@alfa-cloud/cloud-server';
import { querySenderOf } from '@alfa-cloud/messaging/testing';
import { eventually, freePort } from '@alfa-cloud/testing';
import { attachToNetworks, clientNetworksOn } from '../src/resources/network/attachments.ts';
import { inventory } from '../src/index.ts';
import { listedIn } from './bulk-rig.ts';
import { startRealServer, type RealServer } from './real-server.ts';
import { commandOf, operationIdOf, startRig, type Rig } from './rig.ts';
import { watchedServer } from './watched-server.ts';

let server: RealServer;
let cloud: CloudServer;
let rig: Rig;
let serverId: string;
/** Port of the proxy at last. */
let port: number;

beforeAll(async () => {
  server = await startRealServer();
  ({ cloud } = server);
}, 300_000);

afterAll(() => server?.dispose());

const endOf = async (command: { id: string }) => {
  const end = (await rig.eventsOf(operationIdOf(command))).at(-1);
  if (end?.type === 'OperationSucceeded') return end.type;
  throw new Error(await rig.story(operationIdOf(command)));
};

const statusOn = async (port: number): Promise<number | null> => {
  try {
    return (await cloud.get({ port, host: 'nobody.alfa.test', path: '/' })).status;
  } catch {
    return null;
  }
};

test('a server is prepared again on another port with the database it has, takes a client, and then stays', async () => {
  rig = await startRig({ cloud, readModels: listedIn(() => rig.store) });
  const [first, second] = [await freePort(), await freePort()];
  const registration = rig.registration({ proxy: { httpPort: first } });
  await rig.send(registration);
  await endOf(registration);
  ({ serverId } = registration.data);
  expect([await statusOn(first), await statusOn(second)]).toEqual([404, null]);

  const change = commandOf('ChangeServer', { serverId, proxy: { httpPort: second }, domain: 'other.test' });
  await rig.send(change);
  await endOf(change);
  expect([await statusOn(first), await statusOn(second)]).toEqual([null, 404]);

  port = second;
  const creation = await rig.creation(serverId, { slug: 'lab' });
  await rig.send(creation);
  await endOf(creation);
  const page = await cloud.get({ port: second, host: 'lab.other.test', path: '/' });
  expect(page.status).toBe(200);
  const removal = () => rig.send(commandOf('RemoveServer', { serverId }));
  expect((await removal()).reply).toMatchObject({
    outcome: 'rejected',
    faults: [{ code: 'server_has_clients' }],
  });
  expect((await inventory(cloud)).containers).toEqual(['alfa-database', 'alfa-lab', 'alfa-proxy']);
});

/** A visitor of the client who asks without a pause while something happens. Answers what he got that was not the page, in words. */
const visited = async (happening: () => Promise<unknown>): Promise<string[]> => {
  const over = new AbortController();
  const troubles: string[] = [];
  const visiting = (async () => {
    while (!over.signal.aborted) {
      try {
        const { status } = await cloud.get({ port, host: 'lab.other.test', path: '/' });
        if (status !== 200) troubles.push(`status ${status}`);
      } catch (error) {
        troubles.push(String(error));
      }
      await delay(10);
    }
  })();
  await happening();
  over.abort();
  await visiting;
  return troubles;
};

const idsOf = async () =>
  Promise.all(['alfa-database', 'alfa-proxy'].map(async (name) => (await cloud.docker.container(name))?.id));

const prepare = async () => {
  const command = commandOf('PrepareServer', { serverId });
  await rig.send(command);
  await endOf(command);
};

test('a ready server is prepared again while its clients are served', async () => {
  const before = await idsOf();
  expect(await visited(prepare)).toEqual([]);
  expect(await idsOf()).toEqual(before);
});

describe('what differs on a server is found, told and put right', () => {
  const configuration = 'proxy/conf.d/alfa.conf';
  let watched: ReturnType<typeof watchedServer>;
  beforeAll(async () => {
    const queries = querySenderOf(listedIn(() => rig.store));
    const watch = { confirmMs: 500, settleMs: 30_000 };
    watched = watchedServer({ rig, cloud, serverId, queries, watch });
    expect(await watched.look()).toEqual(['ok']);
  });

  const damage = async () => {
    const text = (await cloud.files.read(configuration)) ?? '';
    await cloud.files.writeAtomic(configuration, `${text}}\n`, { mode: 0o644 });
  };
  const proxyCodes = 'proxy_configuration_changed proxy_configuration_refused';

  test('a stray brace in the configuration of the proxy, and no visitor notices', async () => {
    const troubles = await visited(async () => {
      await damage();
      expect(await watched.look()).toEqual([`degraded: ${proxyCodes}`, `mended: ${proxyCodes}`, 'ok']);
    });
    expect(troubles).toEqual([]);
    expect(await watched.look()).toEqual([]);
  });

  test('its configuration gone, and no visitor notices', async () => {
    const codes = 'proxy_configuration_changed';
    const troubles = await visited(async () => {
      await cloud.files.removeFile(configuration);
      expect(await watched.look()).toEqual([`degraded: ${codes}`, `mended: ${codes}`, 'ok']);
    });
    expect(troubles).toEqual([]);
  });

  test('a proxy that does not start again because of a stray brace', async () => {
    await damage();
    await cloud.docker.stopContainer('alfa-proxy');
    await cloud.docker.startContainer('alfa-proxy');
    const codes = 'proxy_configuration_changed container_not_running proxy_configuration_refused';
    expect(await watched.look()).toEqual([`down: ${codes}`, `mended: ${codes}`, 'ok']);
    expect((await cloud.get({ port, host: 'lab.other.test', path: '/' })).status).toBe(200);
  });

  test('a database that was stopped by hand', async () => {
    await cloud.docker.stopContainer('alfa-database');
    const codes = 'container_not_running';
    expect(await watched.look()).toEqual([`down: ${codes}`, `mended: ${codes}`, 'ok']);
  });

  test('a directory that was removed and made anew, which the proxy sees no longer', async () => {
    await cloud.files.removeDirectory('proxy/conf.d');
    await cloud.files.createDirectory('proxy/conf.d', { mode: 0o755 });
    await cloud.files.writeAtomic('proxy/conf.d/note.txt', 'made by hand\n', { mode: 0o644 });
    const codes = 'proxy_configuration_changed mount_lost';
    expect(await watched.look()).toEqual([`degraded: ${codes}`, `mended: ${codes}`, 'ok']);
    expect((await cloud.get({ port, host: 'lab.other.test', path: '/' })).status).toBe(200);
  });

  test('a container that differs is named and goes on serving until the server is prepared', async () => {
    const [database, proxy] = await idsOf();
    await asOlderVersion();
    const old = (await idsOf())[1];
    expect(old).not.toBe(proxy);
    expect(
      await visited(async () => expect(await watched.look()).toEqual(['degraded: container_differs'])),
    ).toEqual([]);
    expect(await watched.reasons()).toEqual([
      'Container alfa-proxy is not as it should be: another command is run. POST /servers/{id}/prepare makes the container anew',
    ]);
    expect(await idsOf()).toEqual([database, old]);
    await prepare();
    expect((await idsOf())[1]).not.toBe(old);
    expect((await idsOf())[0]).toBe(database);
    expect(await watched.look()).toEqual(['ok']);
    expect((await cloud.get({ port, host: 'lab.other.test', path: '/' })).status).toBe(200);
  });

  test('the network, removed while nothing that runs was attached to it', async () => {
    for (const name of ['alfa-lab', 'alfa-proxy', 'alfa-database']) await cloud.docker.stopContainer(name);
    await cloud.docker.removeNetwork('alfa');
    const codes = 'network_missing container_not_running';
    expect(await watched.look()).toEqual([`down: ${codes}`, `mended: ${codes}`, 'ok']);
  });
});

/** Makes the proxy as a version would have that did not bound the life of nginx's old workers. */
const asOlderVersion = async (): Promise<void> => {
  const { docker } = server.engine;
  const { Config, HostConfig } = await docker.getContainer('alfa-proxy').inspect();
  await cloud.docker.removeContainer('alfa-proxy');
  const { Image, Labels, ExposedPorts } = Config;
  const command = { Entrypoint: ['nginx'], Cmd: ['-g', 'daemon off;'] };
  await docker.createContainer({ name: 'alfa-proxy', Image, Labels, ExposedPorts, HostConfig, ...command });
  await attachToNetworks(cloud, 'alfa-proxy', await clientNetworksOn(cloud, {}), {});
  await cloud.docker.startContainer('alfa-proxy');
  await eventually('the proxy', async () => (await statusOn(port)) === 404);
};
