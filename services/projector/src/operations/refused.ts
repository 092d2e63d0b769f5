import { type FailureCause, isRejection, message, messageOf, reject } from '@alfa-cloud/contracts';
import type { Statements } from '../answering/statements.ts';

/** A request that was refused after its sender had been given the address of what it asked for. */
export interface Refused {
  operationId: string;
  error: FailureCause;
}

const refusedSql = `
  SELECT id, view -> '$.error' AS error FROM operations
  WHERE target_id = ? AND status = 'error' AND json_array_length(view, '$.steps') = 0 ORDER BY number LIMIT 1`;

/** What was refused for something of which there is no row; null when nothing was. */
export const refusedFor = (statements: Statements, targetId: string): Refused | null => {
  const row = statements.of(refusedSql).get(targetId);
  if (row === undefined) return null;
  return { operationId: String(row['id']), error: JSON.parse(String(row['error'])) as FailureCause };
};

/**
 * An answer about something, which says why it is not there when its creation was refused.
 * @throws Rejection `not_found`, then with the operation in its `meta`
 */
export const orRefused = <Answer>(
  statements: Statements,
  id: string,
  answer: () => Answer,
  instead: (refused: Refused) => Answer = notCreated,
): Answer => {
  try {
    return answer();
  } catch (error) {
    if (!isRejection(error) || error.faults.some(({ code }) => code !== 'not_found')) throw error;
    const refused = refusedFor(statements, id);
    if (refused === null) throw error;
    return instead(refused);
  }
};

const notCreated = ({ operationId, error }: Refused): never => {
  throw reject('not_found', message`It was not created: ${messageOf(error)}`, { meta: { operationId } });
};
