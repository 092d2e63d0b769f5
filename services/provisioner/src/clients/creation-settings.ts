/** What the operator may set about the creation of clients. */
export interface CreationSettings {
  /** Directory of the application that must outlive its container. */
  storagePath: string;
  /** Zone in which a day ends; IANA name. */
  timeZone: string;
  /** Commands of the client image, run in its container. */
  commands: ClientCommands;
  /** A new container that has run so long without a restart did not fail at once, ms. */
  steadyMs: number;
  /** Longest time until `/healthz` answers 200, ms. */
  healthMs: number;
  /** Longest time of one command in a container, ms. */
  commandMs: number;
  /** Longest time until the client answers through the proxy, ms. */
  reachableMs: number;
}

/** Program and arguments of each; see docs/image-contract.md. */
export interface ClientCommands {
  migrate: readonly string[];
  /** Gets the login and the password on standard input, a line each. */
  ownerPassword: readonly string[];
  /** Must leave the same after running twice as after running once. */
  demoSeed: readonly string[];
}

export const defaultCommands: ClientCommands = {
  migrate: ['php', 'artisan', 'migrate', '--force'],
  ownerPassword: ['php', 'artisan', 'alfa:owner-password'],
  demoSeed: ['php', 'artisan', 'db:seed', '--class=DemoSeeder', '--force'],
};
