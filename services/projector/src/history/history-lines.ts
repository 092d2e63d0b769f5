import {
  detailsOf,
  type HealthReason,
  type HistoryEntry,
  inWords,
  type Message,
  reasonOf as storedReason,
} from '@alfa-cloud/contracts';
import type { RecordedEvent } from '@alfa-cloud/event-sourcing';
import type { StoredEntry } from './fold.ts';
import type { HistoricEvent, HistoricOperation } from './historic-events.ts';
import { sentenceOf } from './sentence-of.ts';

/** What an entry of the audit trail says of its event; the rest of it comes from the event's metadata. */
export type HistoryLine = Pick<
  HistoryEntry,
  'kind' | 'summary' | 'reason' | 'reasonMessage' | 'target' | 'operationId'
>;

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
  ...reasonOf(recorded),
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

const targetOf = (
  { type, data }: HistoricEvent,
  operation: HistoricOperation | null,
): HistoryLine['target'] => {
  // The server of a build is where it is made, not what it is about.
  if (type === 'BuildBegun') return { type: 'none', id: null };
  if ('clientId' in data) return { type: 'client', id: data.clientId };
  if ('serverId' in data) return { type: 'server', id: data.serverId };
  return operation?.target ?? { type: 'none', id: null };
};

type Why = Pick<HistoryEntry, 'reason' | 'reasonMessage'>;

/** Why it happened, as it was written by whom or what brought it about; null when the event does not tell. */
const reasonOf = ({ data }: HistoricEvent): Why => {
  if ('cause' in data) return whyOf(data.cause);
  if ('reasons' in data) return details(data.reasons);
  if ('mended' in data) return details(data.mended);
  if ('placement' in data && data.placement !== undefined) return whyOf(data.placement);
  return 'reason' in data ? whyOf(data) : { reason: null };
};

const whyOf = (told: { reason: string | null; message?: Message }): Why => ({
  reason: told.reason,
  ...(told.message === undefined ? {} : { reasonMessage: told.message }),
});

const details = (reasons: readonly HealthReason[]): Why =>
  reasons.length === 0 ? { reason: null } : whyOf(storedReason(detailsOf(reasons)));
