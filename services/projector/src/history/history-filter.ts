import type { ListHistory } from '@alfa-cloud/contracts';
import type { SQLInputValue } from 'node:sqlite';
import { instant } from '../queries/instant.ts';

/**
 * The filter of the audit trail as SQL over `history`. No value ever stands in the text itself.
 * @param isFolded leave out what the entry of its operation tells
 * @throws Rejection `validation_failed`
 */
export const historyCondition = (
  filter: ListHistory['filter'],
  isFolded: boolean,
): { where: string; values: SQLInputValue[] } => {
  const parts = isFolded ? ['is_part = 0'] : [];
  const values: SQLInputValue[] = [];
  for (const [part, value] of [
    ['target_type = ?', filter.targetType],
    ['target_id = ?', filter.targetId],
    ['actor = ?', filter.actor],
    ['kind = ?', filter.kind],
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
