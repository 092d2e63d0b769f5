import { Type, type Static } from 'typebox';
import { Capacity, Connection, ProxyPorts, ServerRole } from '../commands/servers.ts';
import { closed, Id, nullable, RequestLimits, Sealed } from '../primitives.ts';

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
  }),
  ServerBecameReady: closed({ serverId: Id, operationId: Id, facts: ServerFacts }),
  ServerPreparationFailed: closed({
    serverId: Id,
    operationId: Id,
    code: Type.String(),
    reason: Type.String(),
  }),
  /** Attributes that are there have changed. `operationId`: the preparation that this begins; null when there is none. */
  ServerChanged: closed({
    serverId: Id,
    operationId: nullable(Id),
    name: Type.Optional(Type.String()),
    role: Type.Optional(ServerRole),
    domain: Type.Optional(Type.String()),
    connection: Type.Optional(Connection),
    active: Type.Optional(Type.Boolean()),
    capacity: Type.Optional(Capacity),
    proxy: Type.Optional(ProxyPorts),
    limits: Type.Optional(RequestLimits),
  }),
  /** Forgotten; its key is destroyed right after. */
  ServerRemoved: closed({ serverId: Id }),
};

export type ServerEvent = {
  [Name in keyof typeof serverEvents]: { type: Name; data: Static<(typeof serverEvents)[Name]> };
}[keyof typeof serverEvents];
