import type { OptionsOf } from '@alfa-cloud/client';
import { ensureDocker, ensureImages, freePort, rigImages, startFarm } from '@alfa-cloud/testing';
import { removeServerContents } from './demo-cleanup.ts';

type Say = (line: string) => void;

/** A server as it is registered, and where its proxy answers. */
export interface DemoServer {
  attributes: OptionsOf<'POST', '/servers/create'>['attributes'];
  address: string;
}

/** Where the demo puts its clients. */
export interface DemoPlace {
  title: string;
  servers: DemoServer[];
  images: { client: string; database: string; proxy: string };
  /** Environment in which the services can use it. */
  env: Record<string, string>;
  /** Told as soon as the id of a server is known, so that a clean-up after any later failure can use it. */
  registered(serverId: string): void;
  /** Removes everything that was made there. */
  dispose(): Promise<void>;
}

/** The Docker Engine of this machine; one is started when none runs. */
export const demoMachine = async (serverRoot: string, say: Say): Promise<DemoPlace> => {
  say('1/4 Docker Engine and sample images');
  const log = (line: string) => say(`    ${line}`);
  const docker = await ensureDocker({ log });
  const { socketPath } = docker;
  const serverIds: string[] = [];
  const dispose = async () => {
    for (const serverId of serverIds) await removeServerContents({ socketPath, serverRoot, serverId });
    await docker.dispose();
  };
  try {
    const images = await ensureImages({ socketPath, log });
    const connection = { kind: 'local' } as const;
    const attributes = { name: 'this machine', domain: 'alfa.localhost', connection };
    return {
      title: 'this Docker Engine as a server',
      servers: [
        { attributes: { ...attributes, proxy: { httpPort: await freePort() } }, address: '127.0.0.1' },
      ],
      images,
      env: { ALFA_SERVER_ROOT: serverRoot, ALFA_DOCKER_SOCKET: socketPath },
      registered: (serverId) => void serverIds.push(serverId),
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
};

/** Servers over ssh, each with address, sshd and Docker Engine of its own, on this machine. Needs root. */
export const demoFarm = async (count: number, say: Say): Promise<DemoPlace> => {
  say(`1/4 ${count} servers with sshd and Docker Engine, and sample images`);
  const farm = await startFarm(Array.from({ length: count }, () => ({ docker: true })));
  const { privateKey } = farm.keys.ed25519;
  const servers = farm.servers.map(({ address }, index) => ({
    attributes: {
      name: `server ${index + 1}`,
      domain: `server-${index + 1}.alfa.test`,
      connection: { kind: 'ssh' as const, host: address, username: 'alfa', privateKey },
      proxy: { httpPort: 80 },
    },
    address,
  }));
  for (const { address } of servers) say(`    ssh alfa@${address}`);
  return {
    title: 'them over ssh',
    servers,
    images: rigImages,
    // Of a disk of 64 MB each.
    env: { ALFA_FREE_DISK_MIN_MB: '10' },
    registered: () => {},
    dispose: () => farm.dispose(),
  };
};
