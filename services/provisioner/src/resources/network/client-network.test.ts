import { message } from '@alfa-cloud/contracts';
import { describe, expect, test } from '@jest/globals';
import { CloudServerError } from '@alfa-cloud/cloud-server';
import { fakeCloudServer } from '@alfa-cloud/cloud-server/testing';
import { attachToNetworks, clientNetworksOn } from './attachments.ts';
import { ensureClientNetwork, removeClientNetwork } from './client-network.ts';
import { clientNames } from '../../on-server/names.ts';
import { databasePlan, proxyPlan } from '../../on-server/plans.ts';

const origin = { serverId: 's', operationId: 'o', clientId: 'c' };
const config = { subnets: '10.1.0.0/26', outside: true };
const names = clientNames('x', 'lab.test');

/** A server with proxy and database, both running. */
const prepared = async () => {
  const server = fakeCloudServer({ images: { nginx: {}, mariadb: {} } });
  const { docker } = server;
  await docker.createNetwork('alfa', { labels: {} });
  const directories = { configurationDirectory: '/c', clientsDirectory: '/d' };
  await docker.createContainer(
    'alfa-proxy',
    proxyPlan({ image: 'nginx', httpPort: 80, ...directories, origin }),
  );
  const database = { image: 'mariadb', secretsDirectory: '/s', backupsDirectory: '/b', origin };
  await docker.createContainer('alfa-database', databasePlan(database));
  for (const name of ['alfa-proxy', 'alfa-database']) await docker.startContainer(name);
  const networksOf = (name: string) => [...(server.engine.containers.get(name)?.networks.keys() ?? [])];
  return { server, docker, networksOf };
};

describe('the network of a client', () => {
  test('is made once, with addresses of the range, and holds proxy and database', async () => {
    const { server, networksOf } = await prepared();
    expect(await ensureClientNetwork(server, names, origin, config, {})).toBe('alfa-x');
    const made = server.engine.networks.get('alfa-x');
    expect(made).toMatchObject({
      internal: false,
      subnets: [expect.stringMatching(/^10\.1\.0\.(0|16|32|48)\/28$/)],
    });
    await ensureClientNetwork(server, names, origin, config, {});
    expect(server.engine.networks.get('alfa-x')).toBe(made);
    for (const name of ['alfa-proxy', 'alfa-database']) expect(networksOf(name)).toEqual(['alfa', 'alfa-x']);
    expect(await clientNetworksOn(server, {})).toEqual(['alfa-x']);
  });

  test('takes the next addresses when the engine knows that these are in use, until none are left', async () => {
    const { server } = await prepared();
    const docker: typeof server.docker = Object.create(server.docker);
    const refused: string[] = [];
    docker.createNetwork = async (name, spec) => {
      if (refused.length < 2) {
        refused.push(spec.subnet ?? '');
        throw new CloudServerError(
          'final',
          'subnet_in_use',
          message`Pool overlaps with other one on this address space`,
        );
      }
      return server.docker.createNetwork(name, spec);
    };
    await ensureClientNetwork({ ...server, docker }, names, origin, config, {});
    expect(refused).toHaveLength(2);
    expect(refused).not.toContain(server.engine.networks.get('alfa-x')?.subnets[0]);
    for (const slug of ['a', 'b', 'c']) {
      await ensureClientNetwork(server, clientNames(slug, 'lab.test'), origin, config, {});
    }
    const full = ensureClientNetwork(server, clientNames('d', 'lab.test'), origin, config, {});
    await expect(full).rejects.toMatchObject({ kind: 'final', code: 'subnets_exhausted' });
  });

  test("of somebody else's name is left alone", async () => {
    const { server, docker } = await prepared();
    await docker.createNetwork('alfa-x', { labels: { 'cloud.alfa.client': 'other' } });
    const made = ensureClientNetwork(server, names, origin, config, {});
    await expect(made).rejects.toMatchObject({ kind: 'final', code: 'name_occupied' });
  });

  test('waits for a proxy that is being made anew', async () => {
    const { server, docker } = await prepared();
    await docker.removeContainer('alfa-proxy');
    const made = ensureClientNetwork(server, names, origin, config, {});
    await expect(made).rejects.toMatchObject({ kind: 'transient', code: 'container_gone' });
  });

  test('goes without keeping a stopped proxy from starting', async () => {
    const { server, docker } = await prepared();
    await ensureClientNetwork(server, names, origin, config, {});
    await docker.stopContainer('alfa-proxy');
    await removeClientNetwork(server, 'alfa-x', {});
    await removeClientNetwork(server, 'alfa-x', {});
    expect(server.engine.networks.has('alfa-x')).toBe(false);
    await docker.startContainer('alfa-proxy');
  });
});

test('a proxy that was made anew is attached to the networks of all clients, but for one that is gone by then', async () => {
  const { server, docker, networksOf } = await prepared();
  await ensureClientNetwork(server, names, origin, config, {});
  const networks = await clientNetworksOn(server, {});
  await docker.disconnectNetwork('alfa-x', 'alfa-proxy');
  await attachToNetworks(server, 'alfa-proxy', ['alfa-gone', ...networks], {});
  expect(networksOf('alfa-proxy')).toEqual(['alfa', 'alfa-x']);
  const absent = attachToNetworks(server, 'alfa-none', networks, {});
  await expect(absent).rejects.toMatchObject({ code: 'not_found' });
});
