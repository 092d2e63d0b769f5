import type { AvailabilityObservation } from '@alfa-cloud/contracts';
import type { DatabaseSync } from 'node:sqlite';

/** An observation older than this says nothing any more. */
export const availabilityFreshMs = 60_000;
/** Observations not renewed for so long are dropped. */
const availabilityKeptMs = 24 * 60 * 60 * 1000;

/**
 * The newest of what the events tell of a client's availability and what was observed since: events say when it changed, observations that it
 * still holds. `clients` has to be joined before.
 */
export const availabilityJoin = `
  LEFT JOIN availability AS told ON told.client_id = clients.id
  LEFT JOIN temp.observations AS seen ON seen.client_id = clients.id`;

const isSeenNewer = 'coalesce(seen.checked_ms, -1) >= coalesce(told.checked_ms, -1)';

/** SQL expressions over {@link availabilityJoin}; null when nothing was ever heard. */
export const availabilitySql = {
  available: `iif(${isSeenNewer}, seen.available, told.available)`,
  checkedAt: `iif(${isSeenNewer}, seen.checked_at, told.checked_at)`,
  checkedMs: `iif(${isSeenNewer}, seen.checked_ms, told.checked_ms)`,
  /** Null when what is observed now is not what the event gave its reason for. */
  reason: `iif(NOT ${isSeenNewer} OR seen.available IS told.available, told.reason, NULL)`,
} as const;

/** Keeps the newest observation of each client in the database's temporary table. */
export interface AvailabilityTable {
  /** Takes in one round of observations; anything that has not their form is ignored. */
  record(message: unknown): void;
}

export const openAvailability = (database: DatabaseSync): AvailabilityTable => {
  const write = database.prepare(
    `INSERT INTO temp.observations (client_id, available, checked_at, checked_ms) VALUES (?, ?, ?, ?)
     ON CONFLICT (client_id) DO UPDATE
       SET available = excluded.available, checked_at = excluded.checked_at, checked_ms = excluded.checked_ms
       WHERE excluded.checked_ms >= observations.checked_ms`,
  );
  const dropOld = database.prepare('DELETE FROM temp.observations WHERE checked_ms < ?');
  return {
    record(message) {
      if (!isObservation(message)) return;
      const checkedMs = Date.parse(message.checkedAt);
      database.exec('BEGIN');
      try {
        for (const { id, available } of message.clients) {
          write.run(id, available === null ? null : Number(available), message.checkedAt, checkedMs);
        }
        dropOld.run(checkedMs - availabilityKeptMs);
      } finally {
        database.exec('COMMIT');
      }
    },
  };
};

const isObservation = (message: unknown): message is AvailabilityObservation => {
  if (typeof message !== 'object' || message === null) return false;
  const { checkedAt, clients } = message as Record<string, unknown>;
  return (
    typeof checkedAt === 'string' &&
    !Number.isNaN(Date.parse(checkedAt)) &&
    Array.isArray(clients) &&
    clients.every(isClientObservation)
  );
};

const isClientObservation = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  const { id, available } = value as Record<string, unknown>;
  return typeof id === 'string' && (available === null || typeof available === 'boolean');
};
