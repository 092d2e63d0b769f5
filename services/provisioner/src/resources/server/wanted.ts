import type { ContainerSpec } from '@alfa-cloud/cloud-server';
import { serverNames, serverPaths } from '../../on-server/names.ts';
import { databasePlan, proxyPlan } from '../../on-server/plans.ts';
import { rootOptionFile } from '../../on-server/sql.ts';
import { ownershipOf } from '../../on-server/ownership.ts';
import type { Preparation, PreparationSettings } from '../../on-server/preparation.ts';

/** A container that Alfa Cloud has on every server, as it should be. */
export interface WantedContainer {
  name: string;
  spec: ContainerSpec;
  /** Directories of the server that are mounted into it: relative to the root, and where it sees them. */
  directories: readonly { path: string; seenAs: string }[];
}

const wanted = (
  { cloud }: Pick<Preparation, 'cloud'>,
  container: Omit<WantedContainer, 'directories'>,
  paths: readonly string[],
): WantedContainer => ({
  ...container,
  directories: container.spec.mounts.flatMap((mount) => {
    const path = paths.find((one) => mount.kind === 'bind' && mount.source === cloud.files.absolute(one));
    return path === undefined ? [] : [{ path, seenAs: mount.target }];
  }),
});

/** The database server as a preparation would make it now. */
export const wantedDatabase = (
  preparation: Pick<Preparation, 'cloud' | 'origin'>,
  { databaseImage }: Pick<PreparationSettings, 'databaseImage'>,
): WantedContainer => {
  const { cloud, origin } = preparation;
  const spec = databasePlan({
    image: databaseImage,
    secretsDirectory: cloud.files.absolute(serverPaths.databaseSecrets),
    backupsDirectory: cloud.files.absolute(serverPaths.backups),
    origin,
  });
  const paths = [serverPaths.databaseSecrets, serverPaths.backups];
  return wanted(preparation, { name: serverNames.database, spec }, paths);
};

/** The proxy as a preparation would make it now. */
export const wantedProxy = (
  preparation: Pick<Preparation, 'cloud' | 'origin' | 'server'>,
  { proxyImage }: Pick<PreparationSettings, 'proxyImage'>,
): WantedContainer => {
  const { cloud, origin, server } = preparation;
  const spec = proxyPlan({
    image: proxyImage,
    httpPort: server.proxy.httpPort,
    configurationDirectory: cloud.files.absolute(serverPaths.proxyConfiguration),
    clientsDirectory: cloud.files.absolute(serverPaths.clients),
    origin,
  });
  const paths = [serverPaths.proxyConfiguration, serverPaths.clients];
  return wanted(preparation, { name: serverNames.proxy, spec }, paths);
};

/** Directories below the root, parents first. */
export const wantedDirectories = [
  { path: serverPaths.clients, mode: 0o755 },
  { path: serverPaths.proxyConfiguration, mode: 0o755 },
  { path: serverPaths.database, mode: 0o700 },
  // What is mounted from below the directory above may be read in the database's container, where the official image reads the password as another user than root.
  { path: serverPaths.databaseSecrets, mode: 0o755 },
  { path: serverPaths.backups, mode: 0o700 },
] as const;

export interface WantedFile {
  path: string;
  text: string;
  mode: number;
}

/** Files below the root besides those of the proxy. Their texts hold secrets. */
export const wantedFiles = ({ server, secrets }: Pick<Preparation, 'server' | 'secrets'>): WantedFile[] => [
  { path: serverPaths.owner, text: ownershipOf(server.id), mode: 0o644 },
  {
    path: `${serverPaths.databaseSecrets}/root-password`,
    text: secrets.databaseRootPassword,
    mode: 0o644,
  },
  {
    path: `${serverPaths.databaseSecrets}/client.cnf`,
    text: rootOptionFile(secrets.databaseRootPassword),
    mode: 0o600,
  },
];
