/** Names of what stands on every server, once. */
export const serverNames = {
  /** Proxy and database; before clients had networks of their own, their containers as well. Sorts before those, so that ports stay published here. */
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
  /** Mode 0700: nobody but root gets to what is mounted from below it. */
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
  /** Stands beside it while it is being replaced. */
  nextContainer: string;
  /** Network of its container, with a way out. */
  network: string;
  /** The same without a way out. */
  innerNetwork: string;
  volume: string;
  /** Stands only while the volume is packed or unpacked. */
  storageContainer: string;
  database: string;
  databaseUser: string;
  /** Relative to the server's root directory. */
  directory: string;
  environmentFile: string;
  /** Variables of the container that stands beside the one in service. */
  nextEnvironmentFile: string;
  vhostFile: string;
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
    // A dot in these two: no other client's container can have the name.
    nextContainer: `alfa-${slug}.next`,
    network: `alfa-${slug}`,
    // A dot: no other client's network can have the name.
    innerNetwork: `alfa-${slug}.inner`,
    volume: `alfa-${slug}-storage`,
    // A dot: no other client's container can have the name.
    storageContainer: `alfa-${slug}.storage`,
    database: `alfa_${slug}`,
    databaseUser: `alfa_${slug}`,
    directory,
    environmentFile: `${directory}/client.env`,
    nextEnvironmentFile: `${directory}/next.env`,
    vhostFile: `${directory}/vhost.conf`,
    ownerFile: `${directory}/owner.json`,
    host: `${slug}.${domain}`,
  };
};

/**
 * Name by which the proxy finds a client's container: that of the operation which made it, so that it stays right when the container is renamed.
 * With a dot, as no container name that follows from a slug alone has one.
 */
export const upstreamName = (operationId: string): string => `${operationId}.alfa`;

/** Address under which a client's cloud is reached from outside. */
export const cloudAddress = (host: string, httpPort: number): string =>
  httpPort === 80 ? `http://${host}` : `http://${host}:${httpPort}`;
