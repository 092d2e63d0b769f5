import {
  type Command,
  detailsOf,
  type Fault,
  type FailureCause,
  mapTexts,
  type OperationTarget,
  reasonOf,
  type Receipt,
} from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import { rejectOperation, settleOperation, type ToldBefore } from '@alfa-cloud/operations';
import type { LateDecision } from '@alfa-cloud/messaging';

/**
 * Records the end of an operation whose address was given out before its command was decided: the command was rejected, or carried out without
 * an operation of its own. Idempotent.
 */
export const recordLateDecision = async (
  store: EventStore,
  { command, receipt, outcome }: LateDecision,
): Promise<void> => {
  const { operationId, kind, target, parameters, retryOf } = receipt;
  const cause = {
    commandId: command.id,
    correlationId: command.correlationId,
    causationId: command.id,
    actor: command.actor,
  };
  if (outcome.kind === 'accepted') {
    const asked = {
      ...(parameters === null ? {} : { parameters }),
      ...(retryOf === null ? {} : { retryOf }),
    };
    if (kind !== null) await settleOperation(store, { operationId, kind, target, ...asked, cause });
    return;
  }
  await rejectOperation(store, {
    operationId,
    command: command.name,
    failure: failureOf(outcome.faults),
    target,
    told: toldBy(receipt),
    cause,
  });
};

/** Of a command by whose answer another operation's address was told, only when that was. */
export const toldBy = ({ kind, parameters, retryOf, acceptedAt }: Receipt): ToldBefore =>
  kind === null ? { acceptedAt } : { kind, parameters, retryOf, acceptedAt };

const textMax = 2000;

/** The faults as the reason of a failure. They contain no secret: a waiting sender gets the same text. */
export const failureOf = (faults: readonly Fault[]): FailureCause => {
  const words = mapTexts(detailsOf(faults), (text) => text.slice(0, textMax));
  const { reason, ...told } = reasonOf(words);
  return { code: faults[0]?.code ?? 'internal', reason: reason.slice(0, textMax), ...told, step: null };
};

/** The target of a command, found by the ids in its data. */
export const targetOf = ({ data }: Command): OperationTarget => {
  const { clientId, serverId } = data as { clientId?: unknown; serverId?: unknown };
  if (typeof clientId === 'string') return { type: 'client', id: clientId };
  if (typeof serverId === 'string') return { type: 'server', id: serverId };
  return { type: 'none', id: null };
};
