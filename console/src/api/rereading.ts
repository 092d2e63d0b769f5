import type { Change } from '@alfa-cloud/client/types';
import type { Query, QueryClient } from '@tanstack/vue-query';
import { isConcerned } from './concern.ts';
import { type Observed, withObserved } from './observed.ts';
import type { Answer } from './request.ts';

/** Changes that come together are read once. */
const gatherMs = 50;
/** From one reading to the next, however much changes. */
const restMs = 1000;

export interface Rereading {
  /** What shows one of them is read again. */
  after(changes: readonly Change[]): void;
  ofAll(): void;
  /** Moments are brought up to date without asking. */
  observed(observed: readonly Observed[]): void;
  stop(): void;
}

/** Questions that were meant to be asked once are not asked again for every change. */
const isToldOf = ({ meta }: Query): boolean => meta?.['isOnce'] !== true;

const pathOf = ({ queryKey: [path] }: Query): string => (typeof path === 'string' ? path : '');

/**
 * Reads again what screens show once the feed tells that it is old. A question that is on its way may have been answered before the change: it is
 * waited for and asked once more, never broken off, so that what changes all the time is shown all the same.
 */
export const rereadingOf = (queries: QueryClient): Rereading => {
  const stale = new Set<Query>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  const cache = queries.getQueryCache();
  const read = () => {
    timer = null;
    for (const query of stale) {
      if (query.state.fetchStatus === 'fetching') continue;
      stale.delete(query);
      void queries.invalidateQueries({ queryKey: query.queryKey, exact: true });
    }
    timer = setTimeout(stale.size > 0 ? read : rest, stale.size > 0 ? gatherMs * 4 : restMs);
  };
  const rest = () => {
    timer = null;
    if (stale.size > 0) read();
  };
  const note = (concerned: readonly Query[]) => {
    for (const query of concerned) stale.add(query);
    if (stale.size > 0) timer ??= setTimeout(read, gatherMs);
  };
  return {
    after: (changes) => {
      const told = cache.getAll().filter(isToldOf);
      note(told.filter((query) => changes.some((change) => isConcerned(pathOf(query), change))));
    },
    ofAll: () => note(cache.getAll()),
    observed: (observed) => {
      for (const { queryKey } of cache.findAll({ type: 'active' })) {
        queries.setQueryData<Answer<unknown>>(queryKey, (answer) =>
          answer === undefined ? undefined : withObserved(answer, observed),
        );
      }
    },
    stop: () => {
      if (timer !== null) clearTimeout(timer);
      stale.clear();
    },
  };
};
