import { describe, expect, test } from '@jest/globals';
import type { CallOptions, CloudServer } from '@alfa-cloud/cloud-server';
import { fakeCloudServer } from '@alfa-cloud/cloud-server/testing';
import { labelsOf, type Origin } from '@alfa-cloud/servers';
import type { Preparation } from '../on-server/preparation.ts';
import { container } from './container/container.ts';
import { ownedDirectory } from './directory/owned-directory.ts';
import { serverNetwork } from './network/server-network.ts';
import type { Resource } from './resource.ts';
import { volume } from './volume/volume.ts';

const origin: Origin = { serverId: 's', operationId: 'own', clientId: 'c' };
const other: Origin = { serverId: 't', operationId: 'other', clientId: 'd' };

const spec = (maker: Origin) => ({
  image: 'nginx',
  env: {},
  labels: labelsOf(maker),
  network: 'none',
  mounts: [],
  ports: [],
  noNewPrivileges: true,
  capabilities: { drop: [], add: [] },
  restart: 'no' as const,
  log: { maxSizeMb: 1, maxFiles: 1 },
});

type Made = Pick<Resource, 'remove'> & { ensure(options: CallOptions): Promise<unknown> };

/** Each kind, made by somebody. */
const kinds: Record<string, (server: CloudServer, maker: Origin) => Made> = {
  volume: (server, maker) => volume(server, 'x', maker),
  container(server, maker) {
    const one = container(server, 'x', maker);
    return { ...one, ensure: (options) => one.ensure(spec(maker), options) };
  },
  directory: (server, maker) =>
    ownedDirectory(server, {
      path: 'clients/x',
      ownerFile: 'clients/x/owner.json',
      ownership: { client: maker.clientId ?? '', operation: maker.operationId },
    }),
  network: (cloud, { serverId, operationId }) =>
    serverNetwork({
      cloud,
      server: { id: serverId } as Preparation['server'],
      origin: { serverId, operationId },
    }),
};

const standing = async (server: ReturnType<typeof fakeCloudServer>): Promise<unknown> => [
  await server.docker.inventory(),
  [...server.disk.files].map(([path, { content }]) => [path, content]),
];

describe.each(Object.entries(kinds))('a %s', (_, make) => {
  const begin = async () => {
    const server = fakeCloudServer({ images: { nginx: {} } });
    await server.files.createDirectory('clients', { mode: 0o755 });
    return { server, empty: await standing(server) };
  };

  test('is made once, and is gone after its removal, also when both are repeated', async () => {
    const { server, empty } = await begin();
    const own = make(server, origin);
    await own.ensure({});
    const made = await standing(server);
    expect(made).not.toEqual(empty);
    await own.ensure({});
    expect(await standing(server)).toEqual(made);
    expect(await own.remove({})).toMatch(/removed$/);
    expect(await standing(server)).toEqual(empty);
    expect(await own.remove({})).toMatch(/is not there$/);
  });

  test('of somebody else under its name is neither taken over nor removed', async () => {
    const { server } = await begin();
    await make(server, other).ensure({});
    const before = await standing(server);
    const own = make(server, origin);
    await expect(own.ensure({})).rejects.toMatchObject({ code: 'name_occupied', kind: 'final' });
    expect(await own.remove({})).toMatch(/left alone$/);
    expect(await standing(server)).toEqual(before);
  });
});
