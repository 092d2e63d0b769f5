import {
  message,
  finalOperationStatuses,
  reasonOf,
  reject,
  type CreateLogView,
  type FailureCause,
  type LogEntry,
  type LogPage,
  type OperationView,
  type Queries,
} from '@alfa-cloud/contracts';
import type { Clock } from '@alfa-cloud/service-kit';
import type { SQLInputValue } from 'node:sqlite';
import { json, jsonArray, jsonExtended, jsonObject, type Json } from '../answering/json.ts';
import { limitOf } from '../answering/paging.ts';
import type { Remembered } from '../answering/remembered.ts';
import type { Statements } from '../answering/statements.ts';
import { parseCursor } from './log-cursor.ts';
import { logPage, type StoredLines } from './log-page.ts';
import type { StoredView } from './project-operation.ts';
import { progressQueries } from './progress-queries.ts';

/** Queries of operations. */
export interface OperationQueries {
  list(request: Queries['ListOperations']['request']): Json<Queries['ListOperations']['result']>;
  /** @throws Rejection `not_found` */
  get(id: string): Json<OperationView>;
  /** @throws Rejection `not_found`, `validation_failed` for a malformed cursor */
  log(id: string, after: string | null): Json<LogPage>;
  /** @throws Rejection like {@link OperationQueries.log} */
  createLog(clientId: string, operationId: string, after: string | null): Json<CreateLogView>;
}

const columns = 'id, kind, status, plan, view';

export const operationQueries = (
  statements: Statements,
  counts: Remembered<number>,
  clock: Clock,
): OperationQueries => {
  const progressOf = progressQueries(statements, clock);

  const viewOf = (row: Record<string, unknown>, isListed: boolean): Json<OperationView> => {
    const stored: Json<StoredView> = String(row['view']);
    const progress = progressOf({
      id: String(row['id']),
      kind: String(row['kind']),
      plan: typeof row['plan'] === 'string' ? row['plan'] : null,
      hasEnded: isFinal(row['status']),
      isListed,
    });
    return jsonExtended(stored, json({ progress }));
  };

  const find = (id: string): Record<string, unknown> => {
    const row = statements.of(`SELECT ${columns} FROM operations WHERE id = ?`).get(id);
    if (row === undefined) throw reject('not_found', message`There is no such operation`);
    return row;
  };
  const parsed = (id: string): StoredView => JSON.parse(String(find(id)['view'])) as StoredView;

  const pageOf = (operation: StoredView, after: string | null): Json<LogPage> => {
    const cursor = after === null ? null : parseCursor(after);
    const rows = statements
      .of(
        `SELECT revision, at, step, level, messages FROM operation_log
         WHERE operation_number = (SELECT number FROM operations WHERE id = ?) AND revision >= ? ORDER BY revision`,
      )
      .iterate(operation.id, cursor?.revision ?? 0);
    const page = logPage(storedLines(rows), cursor);
    return jsonObject<LogPage>({
      entries: jsonArray(page.entries),
      cursor: json(page.cursor ?? after),
      more: json(page.more),
      status: json(operation.status),
      transfer: json(operation.transfer),
    });
  };

  return {
    list({ page, filter }) {
      const { where, values } = operationCondition(filter);
      const rows = statements
        .of(`SELECT ${columns} FROM operations${where} ORDER BY number DESC LIMIT ? OFFSET ?`)
        .all(...values, ...limitOf(page));
      const total = counts.of(JSON.stringify([where, ...values]), () =>
        Number(statements.of(`SELECT count(*) AS total FROM operations${where}`).get(...values)?.['total']),
      );
      return jsonObject({ items: jsonArray(rows.map((row) => viewOf(row, true))), total: json(total) });
    },
    get: (id) => viewOf(find(id), false),
    log: (id, after) => pageOf(parsed(id), after),
    createLog(clientId, operationId, after) {
      const operation = parsed(operationId);
      const { kind, steps, error } = operation;
      const why = operation.status === 'cancelled' ? cancelled : error;
      return jsonExtended(
        json({ clientId, operationId, kind, completed: completionOf(operation), steps, error: why }),
        pageOf(operation, after),
      );
    },
  };
};

const isFinal = (status: unknown): boolean => finalOperationStatuses.some((final) => final === status);

/** As the client's own stream says why it did not come to be. */
const cancelled: FailureCause = {
  code: 'cancelled',
  ...reasonOf(message`The creation was cancelled on request`),
  step: null,
};

/** A creation that was cancelled has not succeeded either. */
const completionOf = ({ status }: StoredView): CreateLogView['completed'] => {
  if (!isFinal(status)) return null;
  return status === 'ok' ? 'ok' : 'error';
};

const operationCondition = (
  filter: Queries['ListOperations']['request']['filter'],
): { where: string; values: SQLInputValue[] } => {
  const parts: string[] = [];
  const values: SQLInputValue[] = [];
  for (const [column, value] of [
    ['status', filter.status],
    ['kind', filter.kind],
    ['target_id', filter.targetId],
    ['parent_id', filter.parentId],
  ] as const) {
    if (value === undefined) continue;
    parts.push(`${column} = ?`);
    values.push(value);
  }
  return { where: parts.length === 0 ? '' : ` WHERE ${parts.join(' AND ')}`, values };
};

function* storedLines(rows: Iterable<Record<string, unknown>>): Generator<StoredLines> {
  for (const row of rows) {
    yield {
      revision: Number(row['revision']),
      at: String(row['at']),
      step: typeof row['step'] === 'string' ? row['step'] : null,
      level: row['level'] as LogEntry['level'],
      messages: JSON.parse(String(row['messages'])) as string[],
    };
  }
}
