import type { ImagesObservation } from '@alfa-cloud/contracts';
import type { DatabaseSync } from 'node:sqlite';

/** Observations not renewed for so long are dropped. */
const keptMs = 24 * 60 * 60 * 1000;

/** What the name of a client's image means on its server, as it was observed last. `clients` has to be joined before. */
export const observedImagesJoin = `
  LEFT JOIN temp.observed_images AS named ON named.server_id = clients.server_id AND named.reference = clients.image`;

/**
 * Whether the name means another image than the one that the client runs from, over {@link observedImagesJoin}; null when nobody knows, or it
 * means none. Compared when asked, so that a client that was just switched is not outdated by an older observation.
 */
export const imageOutdatedSql = `named.image_id <> json_extract(clients.view, '$.imageId')`;
export const imagesCheckedMsSql = 'named.checked_ms';

/** Keeps the newest observation of each name on each server in the database's temporary table. */
export interface ObservedImages {
  /** Takes in one observation of a server; anything that has not its form is ignored. */
  record(message: unknown): void;
}

export const openObservedImages = (database: DatabaseSync): ObservedImages => {
  const write = database.prepare(
    `INSERT INTO temp.observed_images (server_id, reference, image_id, checked_ms) VALUES (?, ?, ?, ?)
     ON CONFLICT (server_id, reference) DO UPDATE
       SET image_id = excluded.image_id, checked_ms = excluded.checked_ms
       WHERE excluded.checked_ms >= observed_images.checked_ms`,
  );
  const dropOld = database.prepare('DELETE FROM temp.observed_images WHERE checked_ms < ?');
  return {
    record(message) {
      if (!isObservation(message)) return;
      const checkedMs = Date.parse(message.checkedAt);
      database.exec('BEGIN');
      try {
        for (const { reference, id } of message.images) write.run(message.serverId, reference, id, checkedMs);
        dropOld.run(checkedMs - keptMs);
      } finally {
        database.exec('COMMIT');
      }
    },
  };
};

const isObservation = (message: unknown): message is ImagesObservation => {
  if (typeof message !== 'object' || message === null) return false;
  const { serverId, checkedAt, images } = message as Record<string, unknown>;
  return (
    typeof serverId === 'string' &&
    typeof checkedAt === 'string' &&
    !Number.isNaN(Date.parse(checkedAt)) &&
    Array.isArray(images) &&
    images.every(isImage)
  );
};

const isImage = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  const { reference, id } = value as Record<string, unknown>;
  return typeof reference === 'string' && (id === null || typeof id === 'string');
};
