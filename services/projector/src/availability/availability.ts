import { AvailabilityObservation, type ClientView, conforms, type Message } from '@alfa-cloud/contracts';
import type { DatabaseSync } from 'node:sqlite';
import { json, type Json } from '../answering/json.ts';
import { keepNewest, type NewestObservations } from '../observations/newest-observations.ts';

/** An observation older than this says nothing any more. */
export const availabilityFreshMs = 60_000;

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
  /** A {@link reasonText}. Null when what is observed now is not what the event gave its reason for. */
  reason: `iif(NOT ${isSeenNewer} OR seen.available IS told.available, told.reason, NULL)`,
} as const;

type ShownReason = Pick<ClientView, 'unavailableReason' | 'unavailableMessage'>;

/** Why a client is not available, as a view shows it. */
export const reasonText = ({
  reason,
  message,
}: {
  reason: string | null;
  message?: Message;
}): Json<ShownReason> => json({ unavailableReason: reason, ...(message && { unavailableMessage: message }) });

export const noReason = reasonText({ reason: null });

export const openAvailability = (database: DatabaseSync): NewestObservations =>
  keepNewest(database, {
    isValid: (message) => conforms(AvailabilityObservation, message),
    table: 'observations',
    key: ['client_id'],
    values: ['available', 'checked_at'],
    rowsOf: ({ clients, checkedAt }) =>
      clients.map(({ id, available }) => [id, available === null ? null : Number(available), checkedAt]),
  });
