import { message, reject, type ListNotices, type NoticeView, type Queries } from '@alfa-cloud/contracts';
import type { SQLInputValue } from 'node:sqlite';
import { instant } from '../answering/instant.ts';
import { json, jsonArray, jsonObject, type Json } from '../answering/json.ts';
import { limitOf } from '../answering/paging.ts';
import type { Statements } from '../answering/statements.ts';

/** Questions about what the administrator was told. */
export interface NoticeQueries {
  /** @throws Rejection `validation_failed` for a malformed instant */
  list(request: ListNotices): Json<Queries['ListNotices']['result']>;
  /** @throws Rejection `not_found` */
  get(id: string): Json<NoticeView>;
}

export const noticeQueries = (statements: Statements): NoticeQueries => ({
  list({ page, filter: { recipientId, recipientKind, status, dueBy } }) {
    const parts: string[] = [];
    const values: SQLInputValue[] = [];
    const add = (part: string, value: SQLInputValue | undefined) => {
      if (value === undefined) return;
      parts.push(part);
      values.push(value);
    };
    add('recipient_id = ?', recipientId);
    add("view ->> '$.recipient.kind' = ?", recipientKind);
    add('status = ?', status);
    add('due_at <= ?', instant(dueBy, 'dueBy'));
    const where = parts.length === 0 ? '' : ` WHERE ${parts.join(' AND ')}`;
    const order = dueBy === undefined ? 'number DESC' : 'due_at, number';
    const rows = statements
      .of(`SELECT view FROM notices${where} ORDER BY ${order} LIMIT ? OFFSET ?`)
      .all(...values, ...limitOf(page));
    const counted = statements.of(`SELECT count(*) AS total FROM notices${where}`).get(...values);
    const items = rows.map((row): Json<NoticeView> => String(row['view']));
    return jsonObject({ items: jsonArray(items), total: json(Number(counted?.['total'])) });
  },
  get(id) {
    const row = statements.of('SELECT view FROM notices WHERE id = ?').get(id);
    if (row === undefined) throw reject('not_found', message`There is no such delivery`);
    return String(row['view']);
  },
});
