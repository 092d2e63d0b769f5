import { join } from 'node:path';
import { connectLocalServer, connectSshServer, type CloudServer } from '@alfa-cloud/cloud-server';
import {
  startDockerEngine,
  startFarm,
  type DockerEngine,
  type Farm,
  type FarmServer,
} from '@alfa-cloud/testing';

/** A server for clients, and a hold on it that does not go through the product. */
export interface Place {
  readonly docker: DockerEngine;
  /** `connection` of the document that registers it. */
  readonly connection: object;
  /** Environment in which the services can use it. */
  readonly env: NodeJS.ProcessEnv;
  /** Where its proxy answers. */
  readonly address: string;
  /** The farm's server, if it is one. */
  readonly machine?: FarmServer;
  /** A connection of the test's own. */
  readonly server: CloudServer;
  dispose(): Promise<void>;
}

/** Kinds of servers; what is done with clients must be the same on each. */
export type PlaceKind = 'local' | 'ssh';

/** @param directory for the files of a server on this machine */
export const startPlace = (kind: PlaceKind, directory: string): Promise<Place> =>
  kind === 'local' ? startLocalPlace(directory) : startFarmPlace();

const startLocalPlace = async (directory: string): Promise<Place> => {
  const docker = await startDockerEngine();
  const root = join(directory, 'server');
  const server = connectLocalServer({ socketPath: docker.socketPath, root, address: docker.address });
  return {
    docker,
    connection: { kind: 'local' },
    env: { ALFA_SERVER_ROOT: root, ALFA_DOCKER_SOCKET: docker.socketPath },
    address: docker.address,
    server,
    async dispose() {
      await server.close();
      await docker.dispose();
    },
  };
};

const startFarmPlace = async (): Promise<Place> => {
  const farm = await startFarm([{ docker: true }]);
  const place = onFarm(farm, farm.servers[0] as FarmServer);
  return {
    ...place,
    async dispose() {
      await place.dispose();
      await farm.dispose();
    },
  };
};

/** A server of a farm, which stays when the place is given up. */
export const onFarm = (farm: Farm, machine: FarmServer): Place => {
  const login = { host: machine.address, username: 'alfa' };
  const key = farm.keys.ed25519;
  const server = connectSshServer({
    ...login,
    credentials: async () => key,
    hostKey: machine.hostKey('ed25519'),
    root: machine.root,
  });
  return {
    docker: machine.engine,
    connection: { kind: 'ssh', ...login, privateKey: key.privateKey },
    env: {
      // Whatever is done here by mistake instead of there must fail.
      ALFA_DOCKER_SOCKET: '/nonexistent/docker.sock',
      // Of its disk of 64 MB.
      ALFA_FREE_DISK_MIN_MB: '10',
    },
    address: machine.address,
    machine,
    server,
    dispose: () => server.close(),
  };
};
