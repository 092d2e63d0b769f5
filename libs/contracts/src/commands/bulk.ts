import { Type, type Static } from 'typebox';
import { closed, Id, ImageReference } from '../primitives.ts';

/**
 * How an operation over many clients goes on: one client after the other first (`canary`), then waves. `stopAfter` failed clients no further
 * one is begun. Clients whose last operation of the kind failed and was not repaired since are left out.
 */
export const BulkPace = closed({
  /** Only the clients of this server. */
  serverId: Type.Optional(Id),
  /** Clients that go first, one at a time, and stop all by a failure. Default 1. */
  canary: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
  /** Clients at the same time afterwards. Default 4. */
  waveSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 64 })),
  /** Failures after which no further client is begun. Default 3. */
  stopAfter: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
});
export type BulkPace = Static<typeof BulkPace>;

export const defaultPace = { canary: 1, waveSize: 4, stopAfter: 3 } as const;

/** Only these clients, e.g. those that failed before. */
const clientIds = Type.Optional(Type.Array(Id, { maxItems: 10_000 }));

/** Run every client from another image. Id in the reply: `operationId`. */
export const SwitchAllImages = closed({ ...BulkPace.properties, clientIds, targetImage: ImageReference });

/** Bring every client's database to the shape that its image needs. Id in the reply: `operationId`. */
export const MigrateAllClients = closed({ ...BulkPace.properties, clientIds });

/** Make every client's configuration anew. Id in the reply: `operationId`. */
export const DeployClients = closed({
  ...BulkPace.properties,
  clientIds,
  /** Replace containers whose configuration has not changed, too. Default false. */
  force: Type.Optional(Type.Boolean()),
});
