import type { AlertView, Queries } from '@alfa-cloud/contracts';
import type { SQLInputValue } from 'node:sqlite';
import { json, jsonArray, jsonObject, type Json } from '../answering/json.ts';
import { limitOf } from '../answering/paging.ts';
import type { Statements } from '../answering/statements.ts';

/** Questions about alerts. */
export interface AlertQueries {
  /** Those of servers that were removed are among the past ones. */
  list(request: Queries['ListAlerts']['request']): Json<Queries['ListAlerts']['result']>;
}

const states = { open: ['cleared_at IS NULL'], past: ['cleared_at IS NOT NULL'], all: [] } as const;

export const alertQueries = (statements: Statements): AlertQueries => ({
  list({ page, state, filter: { serverId, code } }) {
    const parts: string[] = [...states[state]];
    const values: SQLInputValue[] = [];
    if (serverId !== undefined) {
      parts.push('server_id = ?');
      values.push(serverId);
    }
    if (code !== undefined) {
      parts.push('code = ?');
      values.push(code);
    }
    const where = parts.length === 0 ? '' : ` WHERE ${parts.join(' AND ')}`;
    const rows = statements
      .of(`SELECT view FROM alerts${where} ORDER BY number DESC LIMIT ? OFFSET ?`)
      .all(...values, ...limitOf(page));
    const counted = statements.of(`SELECT count(*) AS total FROM alerts${where}`).get(...values);
    const items = rows.map((row): Json<AlertView> => String(row['view']));
    return jsonObject({ items: jsonArray(items), total: json(Number(counted?.['total'])) });
  },
});
