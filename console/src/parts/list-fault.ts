import type { AlfaError } from '@alfa-cloud/client';
import { isAway } from '../api/faults.ts';

/**
 * Whether a list tells of its fault itself. That nobody answers is told once, at the top of every screen, while what came before is still shown;
 * not so where the feed is heard and this question alone stays without an answer. Pure.
 */
export const isToldInList = (
  error: Pick<AlfaError, 'status' | 'code'>,
  { isEmpty, isFeedLive }: { isEmpty: boolean; isFeedLive: boolean },
): boolean => isEmpty || !isAway(error) || isFeedLive;
