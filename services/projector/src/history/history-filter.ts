import { reject, type ListHistory } from '@alfa-cloud/contracts';
import type { SQLInputValue } from 'node:sqlite';

/** The filter of the audit trail as SQL over `history`. No value ever stands in the text itself. @throws Rejection `validation_failed` */
export const historyCondition = (
  filter: ListHistory['filter'],
): { where: string; values: SQLInputValue[] } => {
  const parts: string[] = [];
  const values: SQLInputValue[] = [];
  for (const [part, value] of [
    ['target_type = ?', filter.targetType],
    ['target_id = ?', filter.targetId],
    ['actor = ?', filter.actor],
    ['kind = ?', filter.kind],
    ['at >= ?', instant(filter.from, 'filter[from]')],
    ['at < ?', instant(filter.to, 'filter[to]')],
  ] as const) {
    if (value === undefined) continue;
    parts.push(part);
    values.push(value);
  }
  return { where: parts.length === 0 ? '' : ` WHERE ${parts.join(' AND ')}`, values };
};

/** Events carry their moments in this one form, so texts compare as moments do. */
const instant = (text: string | undefined, parameter: string): string | undefined => {
  if (text === undefined) return undefined;
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime()))
    throw reject('validation_failed', 'is not a moment in time', { parameter });
  return moment.toISOString();
};
