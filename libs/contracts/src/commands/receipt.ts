import type { OperationKind } from '../events/operation-kind.ts';
import type { OperationTarget } from '../events/operations.ts';
import type { CreateClient } from '../attributes/clients.ts';
import type { RegisterServer, ShownConnection } from '../attributes/servers.ts';

/** What a command makes, as it was asked for, without personal data and secrets. */
export type Made =
  | { type: 'client'; client: Omit<CreateClient, 'personal' | 'ownerPassword'> }
  | {
      type: 'server';
      server: Omit<RegisterServer, 'connection'> & {
        connection: ShownConnection;
      };
    };

/**
 * What the sender of a command was told when it was answered before the command was decided on: the address of an operation, which must not
 * come to nothing. It stands in the stream {@link RECEIPTS_STREAM} before the answer goes out.
 */
export interface Receipt {
  /** The operation of the command, known by the command's id alone. */
  operationId: string;
  commandId: string;
  /** Null: the address told was another operation's, so only a refusal has to be recorded. */
  kind: OperationKind | null;
  target: OperationTarget;
  parameters: Record<string, unknown> | null;
  /** The operation that this one repeats. */
  retryOf: string | null;
  actor: string;
  correlationId: string;
  acceptedAt: string;
  /** Null for a command that makes nothing with an address of its own. */
  made: Made | null;
}

/** Id of what a command makes; null when that has no address of its own. */
export const madeId = ({ made }: Receipt): string | null => {
  if (made === null) return null;
  return made.type === 'client' ? made.client.clientId : made.server.serverId;
};
