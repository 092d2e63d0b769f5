import {
  deriveId,
  streams,
  type FailureCause,
  type OperationEvent,
  type OperationKind,
  type OperationTarget,
} from '@alfa-cloud/contracts';
import { errorName } from '@alfa-cloud/service-kit';
import type { AppendResult, Cause, EventStore } from '@alfa-cloud/event-sourcing';

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
  const { operationId, cause } = options;
  return beginStream(store, operationId, cause, [acceptedEvent(options)]);
};

const acceptedEvent = (options: Omit<AcceptOperationOptions, 'cause'>): OperationEvent => {
  const { operationId, kind, target, steps, parentId = null, parameters, retryOf } = options;
  return {
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
  };
};

/**
 * Makes the good end of a command visible that was carried out without steps, as an operation of which nothing was left to do. Idempotent.
 */
export const settleOperation = (
  store: EventStore,
  options: Omit<AcceptOperationOptions, 'steps' | 'parentId'>,
): Promise<AppendResult> => {
  const { operationId, cause } = options;
  return beginStream(store, operationId, cause, [
    acceptedEvent({ ...options, steps: [] }),
    { type: 'OperationSucceeded', data: { operationId, result: {} } },
  ]);
};

/** What the sender of a command was told of its operation before the command was decided on. */
export interface ToldBefore {
  kind?: OperationKind;
  parameters?: Record<string, unknown> | null;
  retryOf?: string | null;
  acceptedAt?: string;
}

/**
 * Makes the end of a command visible that never became an operation: unreadable, its handler failed again and again, or it was refused too
 * late for its sender.
 * Idempotent. An operation that exists already is left as it is: it has an account of its own.
 */
export const rejectOperation = (
  store: EventStore,
  options: {
    operationId: string;
    command: string;
    failure: FailureCause;
    /** What the sender was told of the operation before. Default: nothing. */
    told?: ToldBefore;
    /** What the command was about. Default: not known. */
    target?: OperationTarget;
    cause: Cause;
  },
): Promise<AppendResult> => {
  const { operationId, command, failure, told = {}, target, cause } = options;
  const { kind: requestedKind, parameters = null, retryOf = null, acceptedAt } = told;
  return beginStream(store, operationId, cause, [
    {
      type: 'OperationRejected',
      data: {
        operationId,
        kind: 'command.rejected',
        command,
        cause: failure,
        ...(requestedKind === undefined ? {} : { requestedKind }),
        ...(parameters === null ? {} : { parameters }),
        ...(retryOf === null ? {} : { retryOf }),
        ...(acceptedAt === undefined ? {} : { acceptedAt }),
        ...(target === undefined ? {} : { target }),
      },
    },
  ]);
};

const beginStream = async (
  store: EventStore,
  operationId: string,
  cause: Cause,
  first: readonly OperationEvent[],
): Promise<AppendResult> => {
  const stream = streams.operation(operationId);
  const events = first.map((event) => ({ id: deriveId(operationId, event.type), event }));
  try {
    return await store.append(stream, events, { expectedRevision: 'no_stream', cause });
  } catch (error) {
    if (errorName(error) !== 'WrongRevision') throw error;
  }
  const { events: known } = await store.read(stream);
  const last = known.at(-1);
  if (last === undefined) throw new Error(`Stream ${stream} exists and is empty`);
  return { revision: last.revision, position: last.position };
};
