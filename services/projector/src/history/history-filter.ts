import { eventCatalogue, type ListHistory } from '@alfa-cloud/contracts';
import type { SQLInputValue } from 'node:sqlite';
import { instant } from '../answering/instant.ts';

/**
 * The filter of the audit trail as SQL over `history`. No value ever stands in the text itself.
 * @param isFolded leave out what the entry of its operation tells
 * @throws Rejection `validation_failed`
 */
export const historyCondition = (
  filter: ListHistory['filter'],
  isFolded: boolean,
): { where: string; values: SQLInputValue[] } => {
  const ofKind = kindCondition(filter.kind, isFolded);
  const parts = [...(isFolded ? ['is_part = 0'] : []), ...ofKind.parts];
  const values: SQLInputValue[] = [...ofKind.values];
  for (const [part, value] of [
    ['target_type = ?', filter.targetType],
    ['target_id = ?', filter.targetId],
    ['actor = ?', filter.actor],
    ['operation_id = ?', filter.operationId],
    ['at >= ?', instant(filter.from, 'filter[from]')],
    ['at < ?', instant(filter.to, 'filter[to]')],
  ] as const) {
    if (value === undefined) continue;
    parts.push(part);
    values.push(value);
  }
  return { where: parts.length === 0 ? '' : ` WHERE ${parts.join(' AND ')}`, values };
};

/** What the history is filtered by is the type of an event, not the kind of an operation. */
export const isEventType = (kind: string | undefined): boolean =>
  kind !== undefined && Object.hasOwn(eventCatalogue, kind);

const operationsOfKind = 'operation_id IN (SELECT id FROM operations WHERE kind = ?)';

/** A filter by the kind of an event selects the entries of the operations in which it happened, and no other entries of those operations. */
const operationsWithEvent = `(kind = ? OR kind <> 'OperationCancelRequested'
  AND operation_id IN (SELECT operation_id FROM history WHERE kind = ?))`;

const kindCondition = (
  kind: string | undefined,
  isFolded: boolean,
): { parts: string[]; values: SQLInputValue[] } => {
  if (kind === undefined) return { parts: [], values: [] };
  if (!isEventType(kind)) {
    const isWhole = isFolded ? ["kind <> 'OperationCancelRequested'"] : [];
    return { parts: [operationsOfKind, ...isWhole], values: [kind] };
  }
  return isFolded
    ? { parts: [operationsWithEvent], values: [kind, kind] }
    : { parts: ['kind = ?'], values: [kind] };
};
