import type { BranchRole } from './events/builds.ts';
import type { OperationKind } from './events/operation-kind.ts';

/** Names of the event streams. One aggregate, one stream. */
export const streams = {
  server: (id: string) => `server-${id}`,
  client: (id: string) => `client-${id}`,
  operation: (id: string) => `operation-${id}`,
  mail: (id: string) => `mail-${id}`,
  notice: (id: string) => `notice-${id}`,
  /** Where notices go besides the administrator's addresses, all in one: there are few. */
  webhooks: 'webhooks',
  /** @param id SHA-256 of the link's token, hex */
  passwordLink: (id: string) => `passwordlink-${id}`,
  /**
   * Who holds a name that must be unique over all aggregates: the append with "no stream" (or the exact revision) decides a race.
   * @param scope what the name names
   * @param name the name; escaped, so any text is safe here
   */
  reservation: (scope: ReservationScope, name: string) => `reservation-${scope}-${encodeURIComponent(name)}`,
  /** Operations of one kind over many clients that are under way, e.g. `bulk-clients.migrate`. */
  bulk: (kind: OperationKind) => `bulk-${kind}`,
  /** Who has a place on a server. */
  placement: (serverId: string) => `placement-${serverId}`,
  /** Builds of one branch, one after the other. */
  builds: (role: BranchRole) => `builds-${role}`,
  credentials: 'credentials',
  /** What happens to this installation of Alfa Cloud itself. */
  controlPlane: 'control-plane',
  /** Key pairs for servers, all in one: there are few. */
  sshKeys: 'ssh-keys',
  /** The repository that images are built from. */
  repository: 'repository',
} as const;

/**
 * `slug`: clients' technical names. `server`: servers' names, compared in lower case. `host`: clients' domain aliases. `copy`: the copy of a client
 * on a server, `<client id>.<server id>`.
 */
export type ReservationScope = 'slug' | 'server' | 'host' | 'copy';
