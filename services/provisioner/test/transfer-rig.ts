import type { CloudServer, DockerEngine } from '@alfa-cloud/cloud-server';
import { loadClientOnServer, type ClientOnServer } from '../src/on-server/client-on-server.ts';
import { clientDatabase } from '../src/resources/database/client-database.ts';
import { volume } from '../src/resources/volume/volume.ts';
import { backupIdOf } from '../src/operations/steps/backup.ts';
import type { BackupLocation } from '../src/resources/backup/backup-location.ts';
import { freePort } from '@alfa-cloud/testing';
import { allKindsOfServers, type RealServer } from './real-server.ts';
import { commandOf, operationIdOf, startRig } from './rig.ts';

/** One client on two servers: at home on the one, and on the other with an empty volume and an empty database. */
export interface TransferRig {
  from: ClientOnServer;
  to: ClientOnServer;
  /** Runs a script as root where the client's volume is `/storage`. */
  inStorage(client: ClientOnServer, script: string): Promise<string>;
  sql(client: ClientOnServer, statements: string): Promise<string>;
  /** Makes a backup where the client is at home. */
  backUp(): Promise<BackupLocation>;
  dispose(): Promise<void>;
}

const probe = 'alfa-probe';

const withProbe = async (docker: DockerEngine, client: ClientOnServer): Promise<void> => {
  await docker.createContainer(probe, {
    image: 'alfa/mariadb:10.11',
    argv: ['sleep', '3600'],
    env: {},
    labels: {},
    network: 'none',
    mounts: [{ kind: 'volume', volume: client.names.volume, target: '/storage' }],
    ports: [],
    noNewPrivileges: false,
    capabilities: { drop: [], add: [] },
    restart: 'no',
    log: { maxSizeMb: 1, maxFiles: 1 },
  });
  await docker.startContainer(probe);
};

const run = async (cloud: CloudServer, container: string, argv: string[], stdin: string): Promise<string> => {
  const { exitCode, stdout, stderr } = await cloud.docker.exec(
    container,
    { argv, stdin },
    { deadlineMs: 120_000 },
  );
  if (exitCode !== 0) throw new Error(`${stdout}\n${stderr.slice(-2000)}`);
  return stdout;
};

export const startTransferRig = async (image = 'alfa/client:1'): Promise<TransferRig> => {
  const servers: RealServer[] = [];
  try {
    for (const [, start] of allKindsOfServers) servers.push(await start());
    const [here, there] = servers as [RealServer, RealServer];
    const [home, target] = [await startRig({ cloud: here.cloud }), await startRig({ cloud: there.cloud })];
    const clients: ClientOnServer[] = [];
    const deps = {
      store: home.store,
      vault: home.vault,
      cloudServers: { of: () => here.cloud, close: async () => {} },
    };
    const registration = home.registration({ proxy: { httpPort: await freePort() } });
    await home.succeed(registration);
    await target.succeed(target.registration({ proxy: { httpPort: await freePort() } }));
    const creation = await home.creation(registration.data.serverId, { slug: 'moved', image });
    await home.succeed(creation);
    const from = await loadClientOnServer(deps, creation.data.clientId);
    const to: ClientOnServer = { ...from, cloud: there.cloud };
    clients.push(from, to);
    await volume(to.cloud, to.names.volume, to.origin).ensure({});
    await clientDatabase(to).ensure({});
    for (const client of clients) await withProbe(client.cloud.docker, client);
    const argv = [
      'mariadb',
      '--defaults-extra-file=/run/alfa/client.cnf',
      '--default-character-set=utf8mb4',
      '-NB',
    ];
    return {
      from,
      to,
      inStorage: ({ cloud }, script) => run(cloud, probe, ['bash', '-c', 'cd /storage && bash -eu'], script),
      sql: ({ cloud, names }, statements) =>
        run(cloud, 'alfa-database', [...argv, names.database], statements),
      async backUp() {
        const command = commandOf('BackUpClient', { clientId: from.client.id, kind: 'manual' });
        await home.succeed(command);
        return { clientId: from.client.id, backupId: backupIdOf(operationIdOf(command)) };
      },
      dispose: async () => void (await Promise.all(servers.map((server) => server.dispose()))),
    };
  } catch (error) {
    await Promise.all(servers.map((server) => server.dispose()));
    throw error;
  }
};
