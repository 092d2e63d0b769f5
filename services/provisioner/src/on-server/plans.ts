import { createHash } from 'node:crypto';
import type { Limits } from '@alfa-cloud/contracts';
import type { ContainerSpec } from '@alfa-cloud/cloud-server';
import { label, labelsOf, type Origin } from '@alfa-cloud/servers';
import { insideContainers, serverNames, upstreamName } from './names.ts';

/** Output kept on the server for each container. */
const log = { maxSizeMb: 10, maxFiles: 3 } as const;

/** What an entry point that starts as root needs to make its directories and become another user. */
const becomeAnotherUser = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETGID', 'SETUID'] as const;

const common = {
  noNewPrivileges: true,
  // With `unless-stopped`, a dockerd that restarts after a crash stops the containers that it finds running and leaves them stopped.
  restart: 'always',
  log,
} as const;

/**
 * The largest packet that MariaDB allows, since clients may have rows of any size. With the official image's default of 16 MiB, a dump with a
 * larger row could not be restored.
 */
const mariadbCommand = ['mariadbd', '--max-allowed-packet=1G'] as const;

/** MariaDB for all clients of a server. Dumps are made and restored in this container, too. Directories: absolute paths on the server. */
export const databasePlan = (options: {
  image: string;
  secretsDirectory: string;
  backupsDirectory: string;
  origin: Origin;
}): ContainerSpec =>
  withDigest({
    ...common,
    network: serverNames.network,
    image: options.image,
    command: mariadbCommand,
    env: {
      MARIADB_ROOT_PASSWORD_FILE: `${insideContainers.databaseSecrets}/root-password`,
      MARIADB_ROOT_HOST: 'localhost',
    },
    labels: labelsOf(options.origin),
    mounts: [
      { kind: 'volume', volume: serverNames.databaseVolume, target: insideContainers.databaseData },
      {
        kind: 'bind',
        source: options.secretsDirectory,
        target: insideContainers.databaseSecrets,
        readOnly: true,
      },
      {
        kind: 'bind',
        source: options.backupsDirectory,
        target: insideContainers.backups,
        readOnly: false,
      },
    ],
    ports: [],
    capabilities: { drop: ['ALL'], add: becomeAnotherUser },
  });

/** A container that packs a client's volume into a backup, or unpacks it, and ends. `directory`: of the backup, absolute on the server. */
export const storagePlan = (options: {
  image: string;
  argv: readonly string[];
  volume: string;
  directory: string;
  origin: Origin;
}): ContainerSpec => ({
  ...common,
  network: 'none',
  restart: 'no',
  image: options.image,
  argv: options.argv,
  env: {},
  labels: labelsOf(options.origin),
  mounts: [
    { kind: 'volume', volume: options.volume, target: insideContainers.storage },
    { kind: 'bind', source: options.directory, target: insideContainers.backups, readOnly: false },
  ],
  ports: [],
  // Files keep the owner that they have in the image of the client, whoever that is.
  capabilities: { drop: ['ALL'], add: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID'] },
});

/** Longest life of a container of a transfer whose worker has gone for good, s. */
const transferLifeS = 86_400;

/** A container in which scripts read a client's volume, or write it, until it is removed. */
export const transferPlan = (options: { image: string; volume: string; origin: Origin }): ContainerSpec => ({
  ...common,
  network: 'none',
  restart: 'no',
  image: options.image,
  argv: ['sleep', String(transferLifeS)],
  env: {},
  labels: labelsOf(options.origin),
  mounts: [{ kind: 'volume', volume: options.volume, target: insideContainers.storage }],
  ports: [],
  // Files keep owner, mode and attributes.
  capabilities: { drop: ['ALL'], add: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'SETFCAP'] },
});

/**
 * nginx in the foreground. After a reload, an old worker runs until its last connection closes, which a WebSocket may never do; the timeout
 * ends it, since every change of a virtual host reloads.
 */
const nginxArgv = ['nginx', '-g', 'daemon off; worker_shutdown_timeout 1h;'] as const;

/** nginx before all clients of a server. Directories: absolute paths on the server. */
export const proxyPlan = (options: {
  image: string;
  httpPort: number;
  configurationDirectory: string;
  clientsDirectory: string;
  origin: Origin;
}): ContainerSpec =>
  withDigest({
    ...common,
    network: serverNames.network,
    image: options.image,
    argv: nginxArgv,
    env: {},
    labels: labelsOf(options.origin),
    mounts: [
      {
        kind: 'bind',
        source: options.configurationDirectory,
        target: insideContainers.proxyConfiguration,
        readOnly: true,
      },
      { kind: 'bind', source: options.clientsDirectory, target: insideContainers.clients, readOnly: true },
    ],
    ports: [{ containerPort: 80, hostPort: options.httpPort }],
    // KILL: the master signals workers that run as another user.
    capabilities: { drop: ['ALL'], add: [...becomeAnotherUser, 'KILL', 'NET_BIND_SERVICE'] },
  });

/** One client's application. */
export const clientPlan = (options: {
  /** Docker's id: a name may mean another image by the time the container is made. */
  imageId: string;
  /** The name under which it was asked for. */
  imageReference: string;
  /** User that the image's processes run as; empty or 0 is root. */
  imageUser: string;
  environment: Readonly<Record<string, string>>;
  limits: Limits;
  volume: string;
  storagePath: string;
  /** Its only network, which no other client's container is attached to. */
  network: string;
  origin: Origin;
}): ContainerSpec =>
  withDigest({
    ...common,
    network: options.network,
    image: options.imageId,
    env: options.environment,
    labels: { ...labelsOf(options.origin), [label.imageReference]: options.imageReference },
    aliases: [upstreamName(options.origin.operationId)],
    mounts: [{ kind: 'volume', volume: options.volume, target: options.storagePath }],
    ports: [],
    limits: ofContainer(options.limits),
    capabilities: { drop: ['ALL'], add: isRoot(options.imageUser) ? becomeAnotherUser : [] },
  });

/** Without the limits of requests, which the proxy enforces: a change of them needs no new container. */
const ofContainer = (limits: Limits) => {
  const { uploadMb: _, requestTimeoutS: __, ...own } = limits;
  return own;
};

const isRoot = (user: string): boolean => /^(?:root|0)?(?::|$)/.test(user);

const withDigest = (spec: ContainerSpec): ContainerSpec => ({
  ...spec,
  labels: { ...spec.labels, [label.plan]: digestOf(spec) },
});

const digestOf = (spec: ContainerSpec): string =>
  createHash('sha256').update(JSON.stringify(spec)).digest('hex').slice(0, 32);
