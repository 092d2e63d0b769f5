import { message, reject, type ListMails, type MailView, type Queries } from '@alfa-cloud/contracts';
import type { SQLInputValue } from 'node:sqlite';
import { instant } from '../answering/instant.ts';
import { json, jsonArray, jsonObject, type Json } from '../answering/json.ts';
import { limitOf } from '../answering/paging.ts';
import type { Statements } from '../answering/statements.ts';

/** Questions about mails. */
export interface MailQueries {
  /** Also of clients that were deleted. @throws Rejection `not_found` for an unknown client, `validation_failed` for a malformed instant */
  list(request: ListMails): Json<Queries['ListMails']['result']>;
  get(id: string): Json<MailView>;
}

export const mailQueries = (statements: Statements): MailQueries => ({
  list({ page, filter }) {
    const { clientId } = filter;
    if (
      clientId !== undefined &&
      statements.of('SELECT 1 FROM clients WHERE id = ?').get(clientId) === undefined
    ) {
      throw reject('not_found', message`There is no such client`);
    }
    const { where, values } = conditionOf(filter);
    const order = filter.dueBy === undefined ? 'number DESC' : 'due_at, number';
    const rows = statements
      .of(`SELECT view FROM mails WHERE ${where} ORDER BY ${order} LIMIT ? OFFSET ?`)
      .all(...values, ...limitOf(page));
    const counted = statements.of(`SELECT count(*) AS total FROM mails WHERE ${where}`).get(...values);
    const items = rows.map((row): Json<MailView> => String(row['view']));
    return jsonObject({ items: jsonArray(items), total: json(Number(counted?.['total'])) });
  },
  get(id) {
    const row = statements.of('SELECT view FROM mails WHERE id = ? AND wanted = 0').get(id);
    if (row === undefined) throw reject('not_found', message`There is no such mail`);
    return String(row['view']);
  },
});

const conditionOf = (filter: ListMails['filter']): { where: string; values: SQLInputValue[] } => {
  const parts: string[] = [];
  const values: SQLInputValue[] = [];
  const equals = { client_id: filter.clientId, status: filter.status };
  const more = { template: filter.template, origin: filter.origin };
  for (const [column, value] of Object.entries({ ...equals, ...more })) {
    if (value === undefined) continue;
    parts.push(`${column} = ?`);
    values.push(value);
  }
  const dueBy = instant(filter.dueBy, 'dueBy');
  const createdSince = instant(filter.createdSince, 'createdSince');
  if (dueBy === undefined || createdSince === undefined) parts.push('wanted = 0');
  if (dueBy !== undefined) {
    parts.push('due_at <= ?');
    values.push(dueBy);
    if (createdSince !== undefined) {
      parts.push('(wanted = 0 OR due_at >= ?)');
      values.push(createdSince);
    }
  }
  return { where: parts.join(' AND '), values };
};
