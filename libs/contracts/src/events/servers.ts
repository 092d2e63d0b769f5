import { Type, type Static } from 'typebox';
import { Capacity, Connection, HostKeyOwner, ProxyPorts, ServerRole } from '../attributes/servers.ts';
import { closed, Id, nullable, RequestLimits, Sealed } from '../values/primitives.ts';
import { reasonFields } from '../words/reason.ts';
import { serverAlertEvents } from './alerts.ts';

/** What the prepare operation learned about the machine. Memory and disk in bytes. */
export const ServerFacts = closed({
  dockerVersion: Type.String(),
  /** Docker's own id of the engine; two registrations of one engine are told apart by it. */
  engineId: Type.String(),
  operatingSystem: Type.String(),
  architecture: Type.String(),
  cpus: Type.Number(),
  memoryBytes: Type.Number(),
});
export type ServerFacts = Static<typeof ServerFacts>;

/**
 * What was found when a connection was checked, before it counted. Sizes in bytes. Null: could not be told. `mayUseDocker`: the login user
 * reaches the engine by himself; else it is done by `sudo`.
 */
export const ServerCheck = closed({
  ...ServerFacts.properties,
  hostKeyFingerprint: nullable(Type.String()),
  /** The jump host, by its fingerprint. Absent: there is none. */
  jump: Type.Optional(closed({ hostKeyFingerprint: Type.String() })),
  /** For people: `forwarded socket /var/run/docker.sock`. */
  dockerWay: nullable(Type.String()),
  mayUseDocker: Type.Boolean(),
  maySudo: Type.Boolean(),
  diskTotalBytes: nullable(Type.Number()),
  diskFreeBytes: nullable(Type.Number()),
  /** By how much the server's clock is ahead of ours; negative when it is behind. */
  clockOffsetMs: Type.Number(),
});
export type ServerCheck = Static<typeof ServerCheck>;

/** Whether a server can do its work: `degraded` serves, with something that needs attention; `down` does not serve its clients. */
export const RecordedHealth = Type.Union([
  Type.Literal('ok'),
  Type.Literal('degraded'),
  Type.Literal('down'),
]);
export type RecordedHealth = Static<typeof RecordedHealth>;

/** One thing on a server that is not as it should be. Told as a fault is. */
export const HealthReason = closed({
  code: Type.String(),
  detail: reasonFields.reason,
  message: reasonFields.message,
});
export type HealthReason = Static<typeof HealthReason>;

export const serverEvents = {
  ServerRegistered: closed({
    serverId: Id,
    operationId: Id,
    name: Type.String(),
    role: ServerRole,
    domain: Type.String(),
    connection: Connection,
    active: Type.Boolean(),
    capacity: Capacity,
    proxy: ProxyPorts,
    limits: Type.Optional(RequestLimits),
    /** JSON `{databaseRootPassword}` sealed with the server's key. */
    secrets: Sealed,
    /** Of a connection over ssh. */
    check: Type.Optional(ServerCheck),
  }),
  ServerBecameReady: closed({ serverId: Id, operationId: Id, facts: ServerFacts }),
  ServerPreparationFailed: closed({
    serverId: Id,
    operationId: Id,
    code: Type.String(),
    ...reasonFields,
    /** True: a server that was in service before, and still stands, goes on taking clients. Absent: it does not. */
    staysReady: Type.Optional(Type.Boolean()),
  }),
  /** A ready server is prepared again on request; it stays ready meanwhile. */
  ServerPreparationBegun: closed({ serverId: Id, operationId: Id }),
  /** Attributes that are there have changed. `operationId`: the preparation that this begins; null when there is none. */
  ServerChanged: closed({
    serverId: Id,
    operationId: nullable(Id),
    name: Type.Optional(Type.String()),
    role: Type.Optional(ServerRole),
    domain: Type.Optional(Type.String()),
    connection: Type.Optional(Connection),
    /** Of a new connection. */
    check: Type.Optional(ServerCheck),
    active: Type.Optional(Type.Boolean()),
    capacity: Type.Optional(Capacity),
    proxy: Type.Optional(ProxyPorts),
    limits: Type.Optional(RequestLimits),
  }),
  /**
   * This host key counts from now on; recorded after the server had let us in. `hostKey`: `ssh-ed25519 AAAA…`. Recorded once more when it is shown
   * again after another one was refused. `of` in these events: absent stands for the server itself.
   */
  ServerHostKeyPinned: closed({
    serverId: Id,
    hostKey: Type.String(),
    fingerprint: Type.String(),
    of: Type.Optional(HostKeyOwner),
  }),
  /** Another host key than the pinned one was shown; nothing was sent. Recorded once for each key. */
  ServerHostKeyRefused: closed({
    serverId: Id,
    hostKey: Type.String(),
    fingerprint: Type.String(),
    pinnedFingerprint: Type.String(),
    of: Type.Optional(HostKeyOwner),
  }),
  /** Somebody has said that this host key, which the server shows in the place of the former one, is its own. */
  ServerHostKeyAccepted: closed({
    serverId: Id,
    hostKey: Type.String(),
    fingerprint: Type.String(),
    of: Type.Optional(HostKeyOwner),
  }),
  /** What stands on the server was compared with what should; the reasons are none exactly when the health is `ok`. */
  ServerHealthChanged: closed({
    serverId: Id,
    health: RecordedHealth,
    reasons: Type.Array(HealthReason),
    checkedAt: Type.String(),
  }),
  /** What differed on the server and was put right without an operation. */
  ServerMended: closed({ serverId: Id, mended: Type.Array(HealthReason) }),
  ...serverAlertEvents,
  /** From here on no operation begins there; those that have begun before come to their ends. */
  ServerRebootBegun: closed({ serverId: Id, operationId: Id }),
  /**
   * Nothing works there any more, and the reboot may come. `bootId`: the kernel's from before; another one proves that the machine was started
   * anew. `clients`: those that answered, and are waited for afterwards.
   */
  ServerDrained: closed({ serverId: Id, operationId: Id, bootId: Type.String(), clients: Type.Array(Id) }),
  /** The machine was started anew and everything that ran before is back. `awayMs`: from the reboot until then. */
  ServerRebooted: closed({
    serverId: Id,
    operationId: Id,
    clients: Type.Integer({ minimum: 0 }),
    awayMs: Type.Integer({ minimum: 0 }),
  }),
  /** It was not rebooted, or something is not back; operations may begin there again. */
  ServerRebootFailed: closed({ serverId: Id, operationId: Id, code: Type.String(), ...reasonFields }),
  /** From here on no client comes there, until that is ended; those who live there are to leave. */
  ServerDrainingBegun: closed({ serverId: Id, operationId: Id }),
  ServerDrainingEnded: closed({ serverId: Id }),
  /**
   * Images of builds that nobody needed any more are gone, on request (`operationId`) or after a build (`buildId`), with what killed builds had
   * left. `images`: the first 100; `freedBytes`: what nothing that stays had shared.
   */
  ServerCleanedUp: closed({
    serverId: Id,
    operationId: nullable(Id),
    buildId: nullable(Id),
    images: Type.Array(closed({ id: Type.String(), references: Type.Array(Type.String()) }), {
      maxItems: 100,
    }),
    imagesTotal: Type.Integer({ minimum: 0 }),
    /** Containers and networks. */
    leftovers: Type.Integer({ minimum: 0 }),
    freedBytes: Type.Integer({ minimum: 0 }),
  }),
  /** Forgotten; its key is destroyed right after. */
  ServerRemoved: closed({ serverId: Id }),
};

export type ServerEvent = {
  [Name in keyof typeof serverEvents]: { type: Name; data: Static<(typeof serverEvents)[Name]> };
}[keyof typeof serverEvents];
