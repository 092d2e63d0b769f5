import {
  bulkOf,
  type ClientEvent,
  type CredentialsEvent,
  type HistoryEntry,
  inWords,
  type OperationEvent,
  type OperationView,
  type ServerEvent,
} from '@alfa-cloud/contracts';
import type { RecordedEvent } from '@alfa-cloud/event-sourcing';
import type { StoredEntry } from './fold.ts';
import { sentenceOf } from './sentence-of.ts';

type HistoricOperationEvent = Extract<
  OperationEvent,
  {
    type:
      | 'OperationChildrenPlanned'
      | 'OperationRejected'
      | 'OperationCancelRequested'
      | 'OperationSucceeded'
      | 'OperationFailed'
      | 'OperationCancelled';
  }
>;

/** Events of audit value: facts about servers, clients and credentials, who asked to cancel, and what was done with many clients at once. */
export type HistoricEvent = ServerEvent | ClientEvent | CredentialsEvent | HistoricOperationEvent;

/** True for the events of an operation that stand in the history. What an operation on one client comes to is told by the client itself. */
export const isHistoric = (
  recorded: RecordedEvent<OperationEvent>,
  { kind, target }: HistoricOperation,
): recorded is RecordedEvent<HistoricOperationEvent> => {
  const { type } = recorded;
  if (type === 'OperationCancelRequested') return true;
  // A long plan comes in parts, of which the first says what all are about.
  if (type === 'OperationChildrenPlanned') return (recorded.data.part?.number ?? 1) === 1;
  if (type === 'OperationRejected')
    return target.type !== 'none' || recorded.data.requestedKind !== undefined;
  const isEnd = type === 'OperationSucceeded' || type === 'OperationFailed' || type === 'OperationCancelled';
  return isEnd && bulkOf(kind) !== null;
};

/** What an entry of the audit trail says of its event; the rest of it comes from the event's metadata. */
export type HistoryLine = Pick<HistoryEntry, 'kind' | 'summary' | 'reason' | 'target' | 'operationId'>;

/** What an entry needs to know of the operation that its event belongs to. */
export type HistoricOperation = Pick<OperationView, 'kind' | 'target'>;

/**
 * One event in words for people. Pure. Says nothing that is sealed in the event, so it can be read when the keys are gone.
 * @param operation null while nothing is known of it
 */
export const historyLine = (
  recorded: RecordedEvent<HistoricEvent>,
  operation: HistoricOperation | null,
): HistoryLine => ({
  kind: recorded.type,
  target: targetOf(recorded, operation),
  operationId: operationIdOf(recorded),
  summary: inWords('en', sentenceOf(recorded, operation)),
  reason: reasonOf(recorded),
});

/** The whole entry of one event, as it is stored. Pure. */
export const historyEntry = (
  recorded: RecordedEvent<HistoricEvent>,
  operation: HistoricOperation | null,
): StoredEntry => {
  const { at, actor, correlationId, commandId } = recorded.metadata;
  const said = sentenceOf(recorded, operation);
  return { id: recorded.id, at, actor, ...historyLine(recorded, operation), said, correlationId, commandId };
};

/** The operation that an event belongs to; null when it belongs to none. */
export const operationIdOf = ({ data }: HistoricEvent): string | null =>
  'operationId' in data ? data.operationId : null;

const targetOf = ({ data }: HistoricEvent, operation: HistoricOperation | null): HistoryLine['target'] => {
  if ('clientId' in data) return { type: 'client', id: data.clientId };
  if ('serverId' in data) return { type: 'server', id: data.serverId };
  return operation?.target ?? { type: 'none', id: null };
};

/** Why it happened, as it was written by whom or what brought it about; null when the event does not tell. */
const reasonOf = ({ data }: HistoricEvent): string | null => {
  if ('reason' in data) return data.reason;
  if ('cause' in data) return data.cause.reason;
  if ('reasons' in data) return details(data.reasons);
  return 'mended' in data ? details(data.mended) : null;
};

const details = (reasons: readonly { detail: string }[]): string | null =>
  reasons.length === 0 ? null : reasons.map(({ detail }) => detail).join('; ');
