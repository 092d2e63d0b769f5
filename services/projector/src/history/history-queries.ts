import { reject, type HistoryEntry, type Queries } from '@alfa-cloud/contracts';
import type { SQLInputValue } from 'node:sqlite';
import { Remembered } from '../queries/remembered.ts';
import { json, jsonArray, jsonExtended, jsonObject, type Json } from '../queries/json.ts';
import { limitOf } from '../queries/paging.ts';
import type { Statements } from '../queries/statements.ts';
import { historyCondition } from './history-filter.ts';

/** Questions about the audit trail. */
export interface HistoryQueries {
  /** @throws Rejection `not_found` for an unknown target, `validation_failed` for a malformed instant */
  list(request: Queries['ListHistory']['request']): Json<Queries['ListHistory']['result']>;
}

/**
 * Finds the page by narrow columns first, and only then reads the views of its few rows.
 * A client's operation tells why it failed only after it has ended for the client: the reason is looked up there.
 */
const pageSql = (where: string): string => `
  SELECT history.view, coalesce(history.reason, operations.view ->> '$.error.reason') AS reason
  FROM (SELECT position FROM history${where} ORDER BY position DESC LIMIT ? OFFSET ?) AS page
  CROSS JOIN history ON history.position = page.position
  LEFT JOIN operations ON history.kind = 'ClientOperationEnded' AND operations.id = history.operation_id
  ORDER BY page.position DESC`;

const targetTypes = ['client', 'server'] as const;
type TargetType = (typeof targetTypes)[number];
const exists: { readonly [Type in TargetType]: string } = {
  client: 'SELECT 1 FROM clients WHERE id = ?',
  server: 'SELECT 1 FROM servers WHERE id = ?',
};

export const historyQueries = (statements: Statements): HistoryQueries => {
  const totals = new Remembered<number>();
  let newest: unknown = null;

  const total = (where: string, values: readonly SQLInputValue[]): number => {
    // Rows are only ever added, at the end: a total holds for as long as the newest row is the same.
    const row = statements.of('SELECT CAST(max(position) AS TEXT) AS newest FROM history').get();
    if (row?.['newest'] !== newest) totals.forget();
    newest = row?.['newest'];
    return totals.of(JSON.stringify([where, ...values]), () =>
      Number(statements.of(`SELECT count(*) AS total FROM history${where}`).get(...values)?.['total']),
    );
  };

  const typeOf = (id: string, wished: TargetType | undefined): TargetType => {
    const types = wished === undefined ? targetTypes : [wished];
    const type = types.find((candidate) => statements.of(exists[candidate]).get(id) !== undefined);
    if (type === undefined) throw reject('not_found', `There is no such ${types.join(' or ')}`);
    return type;
  };

  return {
    list({ page, filter }) {
      const { targetId, targetType } = filter;
      const type = targetId === undefined ? targetType : typeOf(targetId, targetType);
      const { where, values } = historyCondition({
        ...filter,
        ...(type !== undefined && { targetType: type }),
      });
      const rows = statements.of(pageSql(where)).all(...values, ...limitOf(page));
      return jsonObject<Queries['ListHistory']['result']>({
        items: jsonArray(rows.map(entryOf)),
        total: json(total(where, values)),
      });
    },
  };
};

const entryOf = (row: Record<string, unknown>): Json<HistoryEntry> => {
  const reason = typeof row['reason'] === 'string' ? row['reason'] : null;
  return jsonExtended<Omit<HistoryEntry, 'reason'>, Pick<HistoryEntry, 'reason'>>(
    String(row['view']),
    json({ reason }),
  );
};
