import { message, reject, type BackupView, type Queries } from '@alfa-cloud/contracts';
import type { SQLInputValue } from 'node:sqlite';
import { instant } from '../answering/instant.ts';
import { json, jsonArray, jsonObject, type Json } from '../answering/json.ts';
import { limitOf } from '../answering/paging.ts';
import type { Statements } from '../answering/statements.ts';

/** Queries of backups. */
export interface BackupQueries {
  /** Also of clients that were deleted. @throws Rejection `not_found` for an unknown client, `validation_failed` for a malformed instant */
  list(request: Queries['ListBackups']['request']): Json<Queries['ListBackups']['result']>;
}

export const backupQueries = (statements: Statements): BackupQueries => ({
  list({ clientId, include, expiredBy, backupId, page }) {
    if (
      clientId !== null &&
      statements.of('SELECT 1 FROM clients WHERE id = ?').get(clientId) === undefined
    ) {
      throw reject('not_found', message`There is no such client`);
    }
    const { where, values } = conditionOf({
      clientId,
      include,
      backupId,
      expiredBy: instant(expiredBy, 'expiredBy'),
    });
    const rows = statements
      .of(`SELECT view FROM backups${where} ORDER BY number DESC LIMIT ? OFFSET ?`)
      .all(...values, ...limitOf(page));
    const counted = statements.of(`SELECT count(*) AS total FROM backups${where}`).get(...values);
    const items = rows.map((row): Json<BackupView> => String(row['view']));
    return jsonObject({ items: jsonArray(items), total: json(Number(counted?.['total'])) });
  },
});

interface Condition {
  clientId: string | null;
  include: 'present' | 'all';
  backupId: string | undefined;
  expiredBy: string | undefined;
}

const conditionOf = ({
  clientId,
  include,
  backupId,
  expiredBy,
}: Condition): { where: string; values: SQLInputValue[] } => {
  const parts: string[] = [];
  const values: SQLInputValue[] = [];
  if (clientId !== null) {
    parts.push('client_id = ?');
    values.push(clientId);
  }
  if (backupId !== undefined) {
    parts.push('id = ?');
    values.push(backupId);
  }
  // What was removed can't be removed again, so it never counts as expired.
  if (include === 'present' || expiredBy !== undefined) parts.push('removed = 0');
  if (expiredBy !== undefined) {
    parts.push('keep_until <= ?');
    values.push(expiredBy);
  }
  return { where: parts.length === 0 ? '' : ` WHERE ${parts.join(' AND ')}`, values };
};
