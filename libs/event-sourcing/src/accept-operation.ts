import {
  deriveId,
  streams,
  type FailureCause,
  type OperationEvent,
  type OperationKind,
  type OperationTarget,
} from '@alfa-cloud/contracts';
import { errorName } from '@alfa-cloud/service-kit';
import type { AppendResult, Cause, EventStore } from './event-store.ts';

export interface AcceptOperationOptions {
  operationId: string;
  kind: OperationKind;
  target: OperationTarget;
  /** Names of the steps in their order; `definition.steps.map(({ name }) => name)`. */
  steps: readonly string[];
  /** The operation that this one is a part of. */
  parentId?: string | null;
  /** What was asked for besides the target, for a retry. Never a secret. */
  parameters?: Record<string, unknown>;
  /** The operation that this one repeats. */
  retryOf?: string;
  cause: Cause;
}

/**
 * Makes the operation known. Idempotent: one that exists already is left as it is.
 * @returns place of its newest event known here
 */
export const acceptOperation = (
  store: EventStore,
  options: AcceptOperationOptions,
): Promise<AppendResult> => {
  const { operationId, kind, target, steps, parentId = null, parameters, retryOf, cause } = options;
  return beginStream(store, operationId, cause, {
    type: 'OperationAccepted',
    data: {
      operationId,
      kind,
      target,
      steps: [...steps],
      parentId,
      ...(parameters === undefined ? {} : { parameters }),
      ...(retryOf === undefined ? {} : { retryOf }),
    },
  });
};

/**
 * Makes the end of a command visible that never became an operation: unreadable, or its handler failed again and again.
 * Idempotent. An operation that exists already is left as it is: it has an account of its own.
 */
export const rejectOperation = (
  store: EventStore,
  options: { operationId: string; command: string; failure: FailureCause; cause: Cause },
): Promise<AppendResult> => {
  const { operationId, command, failure, cause } = options;
  return beginStream(store, operationId, cause, {
    type: 'OperationRejected',
    data: { operationId, kind: 'command.rejected', command, cause: failure },
  });
};

const beginStream = async (
  store: EventStore,
  operationId: string,
  cause: Cause,
  event: OperationEvent,
): Promise<AppendResult> => {
  const stream = streams.operation(operationId);
  const id = deriveId(operationId, event.type);
  try {
    return await store.append(stream, [{ id, event }], { expectedRevision: 'no_stream', cause });
  } catch (error) {
    if (errorName(error) !== 'WrongRevision') throw error;
  }
  const { events } = await store.read(stream);
  const last = events.at(-1);
  if (last === undefined) throw new Error(`Stream ${stream} exists and is empty`);
  return { revision: last.revision, position: last.position };
};
