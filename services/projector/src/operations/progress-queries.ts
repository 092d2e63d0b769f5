import { bulkOf, type OperationKind, type OperationProgress } from '@alfa-cloud/contracts';
import type { Clock } from '@alfa-cloud/service-kit';
import type { Statements } from '../answering/statements.ts';
import type { StoredPlan } from './project-operation.ts';
import { progressOf } from './progress.ts';

/** Earlier operations of a kind that its time is learnt from at most. */
const learntFromMax = 100;

/** Each is answered by an index: what a list costs does not grow with the children of its operations more than by their count. */
export const progressSql = {
  counts: 'SELECT status, count(*) AS count FROM operations WHERE parent_id = ? GROUP BY status',
  running: `SELECT view ->> '$.acceptedAt' AS since FROM operations
    WHERE parent_id = ? AND status IN ('accepted', 'running', 'cancelling')`,
  /** Children that were refused in a moment say nothing about the time of the others. */
  durationsOfChildren: `SELECT duration_ms FROM operations
    WHERE parent_id = ? AND status = 'ok' ORDER BY number DESC LIMIT ${learntFromMax}`,
  durationsOfKind: `SELECT duration_ms FROM operations
    WHERE kind = ? AND status = 'ok' ORDER BY number DESC LIMIT ${learntFromMax}`,
} as const;

/** Row of an operation as far as its progress goes. */
export interface ParentRow {
  id: string;
  kind: string;
  /** JSON {@link StoredPlan}; null before the plan. */
  plan: string | null;
  hasEnded: boolean;
  /** One of a list, which has to hold many. */
  isListed: boolean;
}

/** Clients left out that are told at most, so that the answer can be sent however many there are. */
const skippedMax = 100;
const skippedMaxListed = 20;

/** How far operations over many clients have come, counted from their children by index: cheap with thousands of them. */
export const progressQueries = (
  statements: Statements,
  clock: Clock,
): ((row: ParentRow) => OperationProgress | null) => {
  const medianOf = (sql: string, value: string): number | null => {
    const durations = statements
      .of(sql)
      .all(value)
      .map((row) => Number(row['duration_ms']))
      .sort((a, b) => a - b);
    return durations[Math.floor(durations.length / 2)] ?? null;
  };

  const medianMs = (id: string, childKind: OperationKind): number | null =>
    medianOf(progressSql.durationsOfChildren, id) ?? medianOf(progressSql.durationsOfKind, childKind);

  return ({ id, kind, plan, hasEnded, isListed }) => {
    const bulk = bulkOf(kind);
    if (bulk === null) return null;
    const counts = new Map(
      statements
        .of(progressSql.counts)
        .all(id)
        .map((row) => [String(row['status']), Number(row['count'])]),
    );
    const failed = (counts.get('error') ?? 0) + (counts.get('cancelled') ?? 0);
    const now = clock().getTime();
    const runningForMs = statements
      .of(progressSql.running)
      .all(id)
      .map((row) => Math.max(0, now - Date.parse(String(row['since']))))
      .sort((a, b) => b - a);
    const stand = {
      done: (counts.get('ok') ?? 0) + failed,
      failed,
      runningForMs,
      medianMs: hasEnded ? null : medianMs(id, bulk.child.kind),
      hasEnded,
    };
    const planned = plan === null ? null : (JSON.parse(plan) as StoredPlan);
    return progressOf(planned, stand, isListed ? skippedMaxListed : skippedMax);
  };
};
