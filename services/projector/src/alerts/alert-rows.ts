import type { AlertView } from '@alfa-cloud/contracts';
import type { DatabaseSync } from 'node:sqlite';

/** Rows of alerts for the projections, in the order in which they were raised. Few enough to be written at once. */
export interface AlertRows {
  addAlert(alert: AlertView): void;
  /** No-op for one that is not known, or cleared already. */
  clearAlert(id: string, at: string): void;
  /** Whether one was added or cleared since the last call. */
  takeAlertsChanged(): boolean;
}

export const alertRows = (database: DatabaseSync): AlertRows => {
  const add = database.prepare(
    'INSERT INTO alerts (id, server_id, code, view) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
  );
  const clear = database.prepare(
    `UPDATE alerts SET cleared_at = ?1, view = json_set(view, '$.clearedAt', ?1) WHERE id = ?2 AND cleared_at IS NULL`,
  );
  let changed = false;
  return {
    addAlert(alert) {
      add.run(alert.id, alert.serverId, alert.code, JSON.stringify(alert));
      changed = true;
    },
    clearAlert(id, at) {
      clear.run(at, id);
      changed = true;
    },
    takeAlertsChanged() {
      const since = changed;
      changed = false;
      return since;
    },
  };
};

/** Alerts that are raised, counted by their codes. */
export const openAlerts = (database: DatabaseSync): ReadonlyMap<string, number> => {
  const sql = 'SELECT code, count(*) AS count FROM alerts WHERE cleared_at IS NULL GROUP BY code';
  const rows = database.prepare(sql).all();
  return new Map(rows.map((row) => [String(row['code']), Number(row['count'])]));
};
