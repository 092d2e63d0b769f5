/** Names of what stands on every server, once. */
export const serverNames = {
  /**
   * Of proxy and database, and of client containers made before clients had networks of their own. Sorts before those: Docker publishes ports
   * on the first network.
   */
  network: 'alfa',
  database: 'alfa-database',
  databaseVolume: 'alfa-database',
  proxy: 'alfa-proxy',
} as const;

/** Paths below the server's root directory. */
export const serverPaths = {
  /** Says which server the root directory belongs to. */
  owner: 'server.json',
  clients: 'clients',
  /** Mode 0700: only root reaches the directories below it, which are readable in the containers that mount them. */
  database: 'database',
  databaseSecrets: 'database/secrets',
  /** Mode 0700: dumps of clients, `<client id>/<backup id>/`. They outlive their clients. */
  backups: 'backups',
  proxyConfiguration: 'proxy/conf.d',
} as const;

/** Where the server's directories appear inside the database and proxy containers. */
export const insideContainers = {
  databaseSecrets: '/run/alfa',
  databaseData: '/var/lib/mysql',
  backups: '/var/backups/alfa',
  /** The client's volume in the container that packs and unpacks it. */
  storage: '/storage',
  proxyConfiguration: '/etc/nginx/conf.d',
  clients: '/srv/alfa/clients',
} as const;

/** Port on which a client container listens. */
export const clientPort = 8000;

/** Names of all that is made for one client. */
export interface ClientNames {
  /** The container in service. */
  container: string;
  /** Of the new container while it replaces the one in service. */
  nextContainer: string;
  /** Network of its container, with a way out. */
  network: string;
  /** The same without a way out. */
  innerNetwork: string;
  volume: string;
  /** Of the container that packs or unpacks the volume. */
  storageContainer: string;
  /** Of the container by which the volume is brought to another server, or filled from there. */
  transferContainer: string;
  database: string;
  databaseUser: string;
  /** Relative to the server's root directory. */
  directory: string;
  environmentFile: string;
  /** Variables of the new container while it replaces the one in service. */
  nextEnvironmentFile: string;
  vhostFile: string;
  /** While it is there the proxy shows the maintenance page; see `vhostText`. */
  closedFile: string;
  /** Says which client and operation the directory belongs to. */
  ownerFile: string;
  /** DNS name of the client's cloud. */
  host: string;
}

/** The names that follow from a slug; slugs are safe in each of them. */
export const clientNames = (slug: string, domain: string): ClientNames => {
  const directory = `${serverPaths.clients}/${slug}`;
  return {
    container: `alfa-${slug}`,
    // Names with a dot never meet another client's: no slug holds one.
    nextContainer: `alfa-${slug}.next`,
    network: `alfa-${slug}`,
    innerNetwork: `alfa-${slug}.inner`,
    volume: `alfa-${slug}-storage`,
    storageContainer: `alfa-${slug}.storage`,
    transferContainer: `alfa-${slug}.transfer`,
    database: `alfa_${slug}`,
    databaseUser: `alfa_${slug}`,
    directory,
    environmentFile: `${directory}/client.env`,
    nextEnvironmentFile: `${directory}/next.env`,
    vhostFile: `${directory}/vhost.conf`,
    closedFile: `${directory}/closed`,
    ownerFile: `${directory}/owner.json`,
    host: `${slug}.${domain}`,
  };
};

/**
 * DNS alias under which the proxy reaches a client's container. It follows from the operation that made the container, so it stays valid when
 * the container is renamed.
 * The dot tells it from container names that follow from a slug.
 */
export const upstreamName = (operationId: string): string => `${operationId}.alfa`;

/** Address under which a client's cloud is reached from outside. */
export const cloudAddress = (host: string, httpPort: number): string =>
  httpPort === 80 ? `http://${host}` : `http://${host}:${httpPort}`;
