/** What the operator may set about clients and the work on them. */
export interface ClientConfig {
  /** Directory of the application that must outlive its container. */
  storagePath: string;
  network: ClientNetworkConfig;
  /** Zone in which a day ends; IANA name. */
  timeZone: string;
  /** Tables that are emptied in a copy before its first start, where they are there. */
  copyClearTables: readonly string[];
  /** Commands of the client image, run in its container. */
  commands: ClientCommands;
  /** A new container counts as started once it has run this long without a restart, ms. */
  steadyMs: number;
  /** How long a server that does not answer is waited for before the client is opened again on the one where it lives, ms. */
  awayMs: number;
  /** Longest time until `/healthz` answers 200, ms. */
  healthMs: number;
  /** Longest time of one command in a container, ms. */
  commandMs: number;
  /** Longest time until the client answers through the proxy, ms. */
  reachableMs: number;
  /** How long a new container is observed with visitors before the old one is removed, ms. */
  observeMs: number;
}

/** How the networks of clients are made. */
export interface ClientNetworkConfig {
  /** Range of addresses in CIDR notation; each network takes 16 of them. */
  subnets: string;
  /** Whether clients reach addresses outside of their server. */
  outside: boolean;
}

/** Program and arguments of each; see docs/image-contract.md. */
export interface ClientCommands {
  migrate: readonly string[];
  /** Gets the login and the password on standard input, a line each. */
  ownerPassword: readonly string[];
  /** Must have the same result when it is run twice. */
  demoSeed: readonly string[];
  /** Removes exactly what `demoSeed` has added. */
  demoUnseed: readonly string[];
  /** Maintenance of the application itself, on and off. */
  down: readonly string[];
  up: readonly string[];
  /** Prints a number and nothing else. */
  usersCount: readonly string[];
}

/** Laravel's own tables of queues, and the one in which an application keeps what it wants to do at a later time. */
export const defaultClearTables: readonly string[] = ['jobs', 'failed_jobs', 'job_batches', 'scheduled_jobs'];

export const defaultCommands: ClientCommands = {
  migrate: ['php', 'artisan', 'migrate', '--force'],
  ownerPassword: ['php', 'artisan', 'alfa:owner-password'],
  demoSeed: ['php', 'artisan', 'db:seed', '--class=DemoSeeder', '--force'],
  demoUnseed: ['php', 'artisan', 'db:seed', '--class=DemoInverseSeeder', '--force'],
  down: ['php', 'artisan', 'down'],
  up: ['php', 'artisan', 'up'],
  usersCount: ['php', 'artisan', 'alfa:users-count'],
};
