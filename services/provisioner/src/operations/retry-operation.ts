import {
  deriveId,
  operationOf,
  reject,
  streams,
  type BulkRequest,
  type Command,
  type OperationEvent,
  type OperationKind,
  type OperationTarget,
} from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import { foldOperation, plannedChildrenIn, type OperationEnd } from '@alfa-cloud/operations';
import type { CommandHandler } from '@alfa-cloud/messaging';
import type { Static } from 'typebox';
import { standingsOf } from '../bulk/children.ts';

/** An operation as it was asked for. */
export interface Original {
  operationId: string;
  kind: OperationKind;
  target: Static<typeof OperationTarget>;
  parameters: Record<string, unknown>;
}

/** A repetition to be carried out. */
export interface Repetition {
  operationId: string;
  retryOf: string;
  command: Command;
  signal: AbortSignal;
  accepted: (ids: Record<string, string>, position: bigint) => Promise<void>;
}

/** How operations are carried out again, by their kind. */
export interface Repeaters {
  client: Partial<
    Record<
      OperationKind,
      (of: { clientId: string; parameters: Record<string, unknown> }, again: Repetition) => Promise<unknown>
    >
  >;
  /** Of `server.prepare`. */
  server: (of: { serverId: string }, again: Repetition) => Promise<unknown>;
  bulk: (request: BulkRequest, again: Repetition) => Promise<unknown>;
}

/**
 * Runs an operation that has failed or was cancelled once more, as a new one; of an operation over many clients only those that did not end
 * ok. The same command, delivered again after a crash, goes on with the same new operation.
 */
export const retryOperationHandler = (
  store: EventStore,
  repeaters: Repeaters,
): CommandHandler<'RetryOperation'> => {
  const repetitionOf = (command: { id: string }): string => deriveId(command.id, 'operation');
  return {
    async handle({ command, signal, accepted }) {
      const { operationId: retryOf } = command.data;
      const original = await originalOf(store, retryOf);
      await repeat(store, repeaters, original, {
        operationId: repetitionOf(command),
        retryOf,
        command,
        signal,
        accepted,
      });
    },
    isUnderWay: async (command) =>
      (await store.read(streams.operation(repetitionOf(command)))).revision !== null,
  };
};

/** @throws Rejection when there is no such operation, or nothing to repeat about it */
const originalOf = async (store: EventStore, operationId: string): Promise<Original> => {
  const { events } = await store.read<OperationEvent>(streams.operation(operationId));
  const state = foldOperation(events);
  if (state.status === 'absent') throw reject('not_found', `Operation ${operationId} does not exist`);
  if (state.status === 'open') {
    throw reject('operation_not_finished', `Operation ${operationId} has not ended yet`);
  }
  const [first] = events;
  if (first?.type !== 'OperationAccepted') throw notRetryable('command.rejected');
  const { kind, target, parameters } = first.data;
  if (state.end.status === 'ok') {
    throw reject('operation_not_retryable', 'It has ended ok: there is nothing to repeat');
  }
  return { operationId, kind, target, parameters: parameters ?? {} };
};

const notRetryable = (kind: OperationKind) => {
  const { retry } = operationOf(kind);
  const detail =
    retry === 'same parameters'
      ? `An operation ${kind} can not be repeated: send its request again`
      : retry.instead.en;
  return reject('operation_not_retryable', detail, { meta: { kind } });
};

const repeat = async (
  store: EventStore,
  { client, server, bulk }: Repeaters,
  { operationId, kind, target, parameters }: Original,
  again: Repetition,
): Promise<void> => {
  if (operationOf(kind).subject === 'clients') {
    const clientIds = await clientsLeft(store, operationId);
    // What was recorded is what the command was checked to be.
    const data = { ...parameters, ...(clientIds === null ? {} : { clientIds }) };
    await bulk({ kind, data } as BulkRequest, again);
    return;
  }
  if (kind === 'server.prepare' && target.type === 'server' && target.id !== null) {
    await server({ serverId: target.id }, again);
    return;
  }
  const repeater = client[kind];
  if (repeater === undefined || target.type !== 'client' || target.id === null) throw notRetryable(kind);
  await repeater({ clientId: target.id, parameters }, again);
};

/** What is done for all clients together, after the part of each. */
const commonStep = 'proxy';

/**
 * Clients whose part did not end ok, or all while what is done for them together was not; null when the operation failed before it had
 * decided on any.
 */
const clientsLeft = async (store: EventStore, operationId: string): Promise<string[] | null> => {
  const { events } = await store.read<OperationEvent>(streams.operation(operationId));
  const planned = plannedChildrenIn(events);
  if (planned === null) return null;
  const { children } = planned;
  const [first] = events;
  const hasCommon = first?.type === 'OperationAccepted' && first.data.steps.includes(commonStep);
  const isCommonDone = events.some(
    ({ type, data }) => type === 'OperationStepCompleted' && data.step === commonStep,
  );
  if (hasCommon && !isCommonDone) return children.map(({ clientId }) => clientId);
  const ends = await standingsOf(store, children);
  return children.filter((_, index) => !isOk(ends[index])).map(({ clientId }) => clientId);
};

const isOk = (standing: { status: string; end?: OperationEnd } | undefined): boolean =>
  standing?.end?.status === 'ok';
