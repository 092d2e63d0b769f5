import { Type, type Static } from 'typebox';
import type { Fault } from '../faults/faults.ts';
import { Id, Instant } from '../values/primitives.ts';

/** What every command carries besides its data. */
export const CommandEnvelope = Type.Object(
  {
    /** Also the `Nats-Msg-Id` and the root of every id derived from the command; the same id twice has one effect. */
    id: Id,
    name: Type.String(),
    data: Type.Unknown(),
    /** Login of the sender; `alfa-cloud` for what the system does by itself. */
    actor: Type.String(),
    /** Id of the request at the edge of the system; the same for all that it caused. */
    correlationId: Type.String({ maxLength: 200 }),
    /** Id of the message that directly caused this one. */
    causationId: Type.String({ maxLength: 200 }),
    issuedAt: Instant,
    /** Keyed digest of the request; tells a repeated request from another one under the same idempotency key. */
    fingerprint: Type.String({ maxLength: 200 }),
  },
  { additionalProperties: false },
);

export type Command<Data = unknown, Name extends string = string> = Omit<
  Static<typeof CommandEnvelope>,
  'data' | 'name'
> & { name: Name; data: Data };

/** The handler's answer to a command. Kept for a day so that a repeated command gets the same one. */
export type CommandReply =
  | {
      outcome: 'accepted';
      fingerprint: string;
      /** Ids made by the command, by role: `clientId`, `serverId`, `operationId`. */
      ids: Record<string, string>;
      /** Commit position of the last event written, decimal; queries that carry it see the command's effect. */
      position: string;
    }
  | { outcome: 'rejected'; fingerprint: string; faults: Fault[] };
