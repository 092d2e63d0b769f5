import { message, type Message, reject, type HistoryEntry, type Queries } from '@alfa-cloud/contracts';
import type { SQLInputValue } from 'node:sqlite';
import { Remembered } from '../answering/remembered.ts';
import { json, jsonArray, jsonExtended, jsonObject, type Json } from '../answering/json.ts';
import { limitOf } from '../answering/paging.ts';
import type { Statements } from '../answering/statements.ts';
import type { StoredView } from '../operations/project-operation.ts';
import {
  type EndedOperation,
  foldedEntry,
  isOfOperation,
  neverBegunEntry,
  type StoredEntry,
} from './fold.ts';
import { historyCondition, isEventType } from './history-filter.ts';

/** Queries of the audit trail. */
export interface HistoryQueries {
  /** @throws Rejection `not_found` for an unknown target, `validation_failed` for a malformed instant */
  list(request: Queries['ListHistory']['request']): Json<Queries['ListHistory']['result']>;
}

/**
 * Finds the page by narrow columns first, and only then reads the views of its few rows.
 * A client's operation tells why it failed only after it has ended for the client: the reason is looked up there.
 */
const pageSql = (where: string): string => `
  SELECT history.view, history.operation_id, coalesce(history.reason, operations.view ->> '$.error.reason') AS reason,
    operations.view -> '$.error.message' AS reason_message
  FROM (SELECT position FROM history${where} ORDER BY position DESC LIMIT ? OFFSET ?) AS page
  CROSS JOIN history ON history.position = page.position
  LEFT JOIN operations ON history.kind = 'ClientOperationEnded' AND operations.id = history.operation_id
  ORDER BY page.position DESC`;

const partsSql = 'SELECT view, reason FROM history WHERE operation_id = ? ORDER BY position';
const operationSql = 'SELECT duration_ms, view FROM operations WHERE id = ?';

const targetTypes = ['client', 'server'] as const;
type TargetType = (typeof targetTypes)[number];
const exists: { readonly [Type in TargetType]: string } = {
  client: 'SELECT 1 FROM clients WHERE id = ?',
  server: 'SELECT 1 FROM servers WHERE id = ?',
};
/** Of what was never made because that was refused, only the refusal is known. */
const isToldOf = 'SELECT 1 FROM history WHERE target_type = ? AND target_id = ? LIMIT 1';

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
    const type =
      types.find((candidate) => statements.of(exists[candidate]).get(id) !== undefined) ??
      types.find((candidate) => statements.of(isToldOf).get(candidate, id) !== undefined);
    if (type === undefined) throw reject('not_found', message`There is no such ${types.join(' or ')}`);
    return type;
  };

  /** The entry of the whole operation that a row is the first of; of any other row its own. */
  const wholeEntryOf = (row: Row): Json<HistoryEntry> => {
    const operationId = row['operation_id'];
    if (typeof operationId !== 'string') return entryOf(row);
    const stored = storedOf(row);
    const neverBegan = stored.kind === 'OperationRejected';
    const operation =
      neverBegan || isOfOperation(stored) ? statements.of(operationSql).get(operationId) : undefined;
    if (operation === undefined) return entryOf(row);
    if (neverBegan) return json(neverBegunEntry(stored, endedOf(operation)));
    const [first, ...others] = statements.of(partsSql).all(operationId).map(storedOf).filter(isOfOperation);
    return first === undefined ? entryOf(row) : json(foldedEntry([first, ...others], endedOf(operation)));
  };

  return {
    list({ page, filter, events }) {
      const { targetId, targetType } = filter;
      const type = targetId === undefined ? targetType : typeOf(targetId, targetType);
      const isFolded = events === undefined ? !isEventType(filter.kind) : events === 'operations';
      const { where, values } = historyCondition(
        { ...filter, ...(type !== undefined && { targetType: type }) },
        isFolded,
      );
      const rows = statements.of(pageSql(where)).all(...values, ...limitOf(page));
      return jsonObject<Queries['ListHistory']['result']>({
        items: jsonArray(rows.map(isFolded ? wholeEntryOf : entryOf)),
        total: json(total(where, values)),
      });
    },
  };
};

type Row = Record<string, unknown>;

const reasonOf = (row: Row): string | null => (typeof row['reason'] === 'string' ? row['reason'] : null);

const entryOf = (row: Row): Json<HistoryEntry> => {
  const ofOperation = row['reason_message'];
  const reasonMessage = typeof ofOperation === 'string' ? (JSON.parse(ofOperation) as Message) : undefined;
  return jsonExtended<Omit<HistoryEntry, 'reason'>, Pick<HistoryEntry, 'reason' | 'reasonMessage'>>(
    String(row['view']),
    json({ reason: reasonOf(row), ...(reasonMessage && { reasonMessage }) }),
  );
};

const storedOf = (row: Row): StoredEntry => ({
  ...(JSON.parse(String(row['view'])) as StoredEntry),
  reason: reasonOf(row),
});

const endedOf = (row: Row): EndedOperation => ({
  ...(JSON.parse(String(row['view'])) as StoredView),
  durationMs: row['duration_ms'] === null ? null : Number(row['duration_ms']),
});
