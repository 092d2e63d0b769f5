import { ImagesObservation, conforms } from '@alfa-cloud/contracts';
import type { DatabaseSync } from 'node:sqlite';
import { keepNewest, type NewestObservations } from '../observations/newest-observations.ts';

/** The image that the name of a client's image stands for on its server, as observed last. `clients` has to be joined before. */
export const observedImagesJoin = `
  LEFT JOIN temp.observed_images AS named ON named.server_id = clients.server_id AND named.reference = clients.image`;

/** Its id, over {@link observedImagesJoin}; null when the name stands for none, or nothing was observed. */
export const observedImageSql = 'named.image_id';

/**
 * Whether the name stands for another image than the one that the client runs from, over {@link observedImagesJoin}; null when that is not known
 * or it stands for none. Compared when asked, so that an older observation does not make a client outdated that was just switched.
 */
export const imageOutdatedSql = `${observedImageSql} <> json_extract(clients.view, '$.imageId')`;
export const imagesCheckedMsSql = 'named.checked_ms';

export const openObservedImages = (database: DatabaseSync): NewestObservations =>
  keepNewest(database, {
    isValid: (message) => conforms(ImagesObservation, message),
    table: 'observed_images',
    key: ['server_id', 'reference'],
    values: ['image_id'],
    rowsOf: ({ serverId, images }) => images.map(({ reference, id }) => [serverId, reference, id]),
  });
