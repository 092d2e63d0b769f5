import {
  message,
  operationOf,
  reject,
  streams,
  type OperationEvent,
  type OperationKind,
  type OperationTarget,
} from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { CommandHandler } from '@alfa-cloud/messaging';
import { clientsLeft } from './clients-left.ts';
import { isOperationUnderWay, type Execute } from '../execution/execute.ts';
import { executionOf } from '../execution/execution.ts';
import type { Implementation } from '../execution/implementation.ts';
import { foldOperation } from '../operation/operation-state.ts';

export interface RetryDeps {
  store: EventStore;
  execute: Execute;
  /** Of every kind that the service carries out, by its name. */
  implementations: Readonly<Record<string, Implementation<unknown>>>;
}

/**
 * Runs an operation that has failed or was cancelled once more, as a new one; of an operation over many clients only those that did not end
 * ok. The same command, delivered again after a crash, goes on with the same new operation.
 */
export const retryOperationHandler = ({
  store,
  execute,
  implementations,
}: RetryDeps): CommandHandler<'RetryOperation'> => ({
  async handle(delivery) {
    const { operationId: retryOf } = delivery.command.data;
    const { kind, data } = await originalOf(store, retryOf);
    const { retry } = operationOf(kind);
    const implementation = implementations[kind];
    if (implementation === undefined || retry !== 'same parameters') throw notRetryable(kind);
    await execute(implementation, { ...executionOf(delivery), data, retryOf });
  },
  isUnderWay: isOperationUnderWay(store),
});

/** What was asked for. @throws Rejection when there is no such operation, or nothing to repeat about it */
const originalOf = async (
  store: EventStore,
  operationId: string,
): Promise<{ kind: OperationKind; data: Record<string, unknown> }> => {
  const { events } = await store.read<OperationEvent>(streams.operation(operationId));
  const state = foldOperation(events);
  if (state.status === 'absent') throw reject('not_found', message`Operation ${operationId} does not exist`);
  if (state.status === 'open') {
    throw reject('operation_not_finished', message`Operation ${operationId} has not ended yet`);
  }
  const [first] = events;
  if (first?.type === 'OperationRejected') throw neverBegan(first.data.requestedKind ?? first.data.kind);
  if (first?.type !== 'OperationAccepted') throw neverBegan('command.rejected');
  if (state.end.status === 'ok') {
    throw reject('operation_not_retryable', message`It has ended ok: there is nothing to repeat`);
  }
  const { kind, target, parameters } = first.data;
  // What was recorded is what the command was checked to be.
  return { kind, data: { ...parameters, ...idOf(target), ...(await clientsLeft(store, events)) } };
};

const idOf = ({ type, id }: OperationTarget): Record<string, string> => {
  if (id === null) return {};
  return type === 'client' ? { clientId: id } : type === 'server' ? { serverId: id } : {};
};

const neverBegan = (kind: OperationKind) =>
  reject('operation_not_retryable', message`It never began: send the request again`, { meta: { kind } });

const notRetryable = (kind: OperationKind) => {
  const { retry } = operationOf(kind);
  const detail =
    retry === 'same parameters'
      ? message`An operation ${kind} can not be repeated: send its request again`
      : retry.instead;
  return reject('operation_not_retryable', detail, { meta: { kind } });
};
