import { type ChangesView, positionOfCursor } from '@alfa-cloud/contracts';
import type { RouteServices } from '../services.ts';

/** Changes told in one event at most, about. */
const pageSize = 500;

/** Where the readers of the feed get their changes. */
export interface ChangeSource {
  /** @param cursor null: only where to begin. @throws as a query */
  after(cursor: string | null): Promise<ChangesView>;
}

/**
 * Readers stand at the same place most of the time and are woken by the same nudge: one query answers all that ask the same at the same time, so
 * that a hundred of them cost the projector what one does.
 */
export const createChangeSource = ({ queries }: Pick<RouteServices, 'queries'>): ChangeSource => {
  const running = new Map<string | null, Promise<ChangesView>>();
  const ask = async (after: string | null): Promise<ChangesView> => {
    // A replica that is behind the cursor would take it for one of another event store.
    const seen = after === null ? {} : { minPosition: positionOfCursor(after) };
    return (await queries.ask('ListChanges', { after, size: pageSize }, seen)).result;
  };
  return {
    after(cursor) {
      const same = running.get(cursor);
      if (same !== undefined) return same;
      const asked = ask(cursor).finally(() => running.delete(cursor));
      running.set(cursor, asked);
      return asked;
    },
  };
};
