import type { HistoryEntry } from '@alfa-cloud/contracts';
import type { Resource } from '../../api/request.ts';

/** `status` and `durationMs` stand where the entry is a whole operation. */
export type HistoryEntryResource = Resource<
  Pick<HistoryEntry, 'at' | 'actor' | 'kind' | 'summary' | 'reason' | 'correlationId' | 'commandId'> &
    Partial<Pick<NonNullable<HistoryEntry['operation']>, 'status' | 'durationMs'>>
>;
