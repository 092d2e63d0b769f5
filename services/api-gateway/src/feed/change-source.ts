import { type ChangesView, message, positionOfCursor, reject } from '@alfa-cloud/contracts';
import type { RouteServices } from '../services.ts';

/** Changes told in one event at most, about. */
const pageSize = 500;

/** Where the readers of the feed get their changes. */
export interface ChangeSource {
  /** @param cursor null: only where to begin. @throws as a query */
  after(cursor: string | null): Promise<SeenChanges>;
  /**
   * The same for who goes on from a cursor that was told here.
   * @throws as a query, and Rejection `unavailable` where all replicas are behind the cursor: to read everything anew would be of no use then
   */
  onward(cursor: string): Promise<ChangesView>;
}

export interface SeenChanges {
  view: ChangesView;
  /** No replica had come as far as it should have. */
  stale: boolean;
}

/**
 * Readers stand at the same place most of the time and are woken by the same nudge: one query answers all that ask the same at the same time, so
 * that a hundred of them cost the projector what one does.
 */
export const createChangeSource = ({ queries }: Pick<RouteServices, 'queries'>): ChangeSource => {
  const running = new Map<string | null, Promise<SeenChanges>>();
  const ask = async (after: string | null): Promise<SeenChanges> => {
    // A replica that is behind the cursor would take it for one of another event store; while there is no event, there is none to wait for.
    const seen = after === null || after.startsWith('none-') ? {} : { minPosition: positionOfCursor(after) };
    const { result, stale } = await queries.ask('ListChanges', { after, size: pageSize }, seen);
    return { view: result, stale };
  };
  const after = (cursor: string | null): Promise<SeenChanges> => {
    const same = running.get(cursor);
    if (same !== undefined) return same;
    const asked = ask(cursor).finally(() => running.delete(cursor));
    running.set(cursor, asked);
    return asked;
  };
  return {
    after,
    async onward(cursor) {
      const { view, stale } = await after(cursor);
      if (!stale || view.reset !== 'unknown_cursor') return view;
      throw reject(
        'unavailable',
        message`The read models are behind what the query needs; try again a little later`,
      );
    },
  };
};
