import { deriveId, type Command, type CommandData, type CommandName } from '@alfa-cloud/contracts';
import type { Cause } from '@alfa-cloud/event-sourcing';
import type { Delivery } from '@alfa-cloud/messaging';
import { causeOf } from '../commands/cause.ts';

/** One carrying out of an operation: as its command asks for it, as a repetition of another one, or as a part of a larger one. */
export interface Execution<Data> {
  /** What was asked for. */
  readonly data: Data;
  readonly operationId: string;
  /** The command behind it, and what its events say about their origin. */
  readonly command: Command;
  readonly cause: Cause;
  /** Aborted when the service stops. */
  readonly signal: AbortSignal;
  /** The operation that this one is a part of. */
  readonly parentId?: string;
  /** The operation that this one repeats. */
  readonly retryOf?: string;
  /** Told as soon as the operation is known, again after a crash. */
  accepted?(ids: Record<string, string>, position: bigint): Promise<void>;
}

/** The operation of a command. */
export const operationIdOf = (command: { id: string }): string => deriveId(command.id, 'operation');

/** What a command asks for. */
export const executionOf = <Name extends CommandName>({
  command,
  signal,
  accepted,
}: Delivery<Name>): Execution<CommandData<Name>> => ({
  data: command.data,
  operationId: operationIdOf(command),
  command,
  cause: causeOf(command),
  signal,
  accepted,
});
