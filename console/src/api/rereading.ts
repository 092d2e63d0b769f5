import type { Answer, Change } from '@alfa-cloud/client';
import type { Query, QueryClient } from '@tanstack/vue-query';
import { isConcerned } from './concern.ts';
import { type Observed, withObserved } from './observed.ts';

/** Changes that come together are read once. */
const gatherMs = 50;
/** From one reading of a question to the next, however much changes. */
const restMs = 1000;
/** How often it is looked whether what could not be read yet can be read. */
const lookMs = 200;

export interface Rereading {
  /** What shows one of them is read again. */
  after(changes: readonly Change[]): void;
  ofAll(): void;
  /** Moments are brought up to date without asking. */
  observed(observed: readonly Observed[]): void;
  stop(): void;
}

/** Questions that were meant to be asked once (a client as it was) are not asked again for every change, nor does their answer become another one. */
const isToldOf = ({ meta }: Query): boolean => meta?.['isOnce'] !== true;

const pathOf = ({ queryKey: [path] }: Query): string => (typeof path === 'string' ? path : '');

/**
 * Reads again what screens show once the feed tells that it is old. A question that is on its way may have been answered before the change: it is
 * waited for and asked once more, never broken off, so that what changes all the time is shown all the same.
 */
export const rereadingOf = (queries: QueryClient): Rereading => {
  const stale = new Set<Query>();
  /** Of each question on its own: one that is answered slowly makes no other one be asked more often. */
  const readAt = new WeakMap<Query, number>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  const cache = queries.getQueryCache();
  const read = () => {
    const now = Date.now();
    for (const query of stale) {
      if (query.state.fetchStatus === 'fetching' || now - (readAt.get(query) ?? 0) < restMs) continue;
      stale.delete(query);
      readAt.set(query, now);
      void queries.invalidateQueries({ queryKey: query.queryKey, exact: true });
    }
    timer = stale.size > 0 ? setTimeout(read, lookMs) : null;
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
      for (const query of cache.findAll({ type: 'active', predicate: isToldOf })) {
        const before = query.state.data as Answer<unknown> | undefined;
        if (before === undefined) continue;
        const data = withObserved(before, observed);
        // Nothing was answered: a fault stays told, and the next question is not put off.
        if (data !== before) query.setState({ data });
      }
    },
    stop: () => {
      if (timer !== null) clearTimeout(timer);
      stale.clear();
    },
  };
};
