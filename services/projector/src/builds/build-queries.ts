import { message, reject, type BuildView, type ListBuilds, type Queries } from '@alfa-cloud/contracts';
import { json, jsonArray, jsonObject, type Json } from '../answering/json.ts';
import { limitOf } from '../answering/paging.ts';
import type { Statements } from '../answering/statements.ts';

/** Questions about builds of images. */
export interface BuildQueries {
  list(request: ListBuilds): Json<Queries['ListBuilds']['result']>;
  get(id: string): Json<BuildView>;
}

export const buildQueries = (statements: Statements): BuildQueries => ({
  list({ page, filter }) {
    const columns = { role: filter.role, status: filter.status, commit_sha: filter.commit };
    const asked = Object.entries(columns).flatMap(([column, value]) =>
      value === undefined ? [] : [{ column, value }],
    );
    const where = asked.map(({ column }) => ` AND ${column} = ?`).join('');
    const values = asked.map(({ value }) => value);
    const rows = statements
      .of(`SELECT view FROM builds WHERE 1${where} ORDER BY number DESC LIMIT ? OFFSET ?`)
      .all(...values, ...limitOf(page));
    const counted = statements.of(`SELECT count(*) AS total FROM builds WHERE 1${where}`).get(...values);
    const items = rows.map((row): Json<BuildView> => String(row['view']));
    return jsonObject({ items: jsonArray(items), total: json(Number(counted?.['total'])) });
  },
  get(id) {
    const row = statements.of('SELECT view FROM builds WHERE id = ?').get(id);
    if (row === undefined) throw reject('not_found', message`There is no such build`);
    return String(row['view']);
  },
});
