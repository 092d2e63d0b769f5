import { deriveId } from '@alfa-cloud/contracts';

/** Id of the n-th event (from 0) that one decision writes. */
export type EventIds = (index: number) => string;

/**
 * Ids that follow from a cause and a place, so that the same decision taken again after a crash writes nothing new.
 * @param root usually the command id
 * @param place tells apart the decisions of one cause, e.g. the stream written to
 */
export const eventIdsFor =
  (root: string, ...place: readonly (string | number)[]): EventIds =>
  (index) =>
    deriveId(root, ...place, index);
