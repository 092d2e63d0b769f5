import type { ApiError } from '../api/api-error.ts';

/**
 * Whether a list tells of its fault itself. That nobody answers is told once, at the top of every screen, while what came before is still shown;
 * not so where the feed is heard and this question alone stays without an answer. Pure.
 */
export const isToldInList = (
  { isAway }: Pick<ApiError, 'isAway'>,
  { isEmpty, isFeedLive }: { isEmpty: boolean; isFeedLive: boolean },
): boolean => isEmpty || !isAway || isFeedLive;
