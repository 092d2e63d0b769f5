import { isRejection, type Queries, type QueryName } from '@alfa-cloud/contracts';
import type { AskOptions, QuerySender } from '@alfa-cloud/messaging';
import { sleep } from '@alfa-cloud/service-kit';
import type { NewestPosition } from './position.ts';

/** How long one replica of the projector may let a query wait before another one is tried, and all of them together, in milliseconds. */
const replicaWaitMs = 200;
const allWaitMs = 2000;

/**
 * Queries that never go back in time: each asks for the newest position that this gateway has handed out or seen in an answer. A replica that
 * has not come so far is passed over for one that has; when none has after 2 s, the answer says that it is stale.
 */
export const readsInOrder = (
  queries: Pick<QuerySender, 'ask'>,
  newest: NewestPosition,
): Pick<QuerySender, 'ask'> => ({
  async ask<Name extends QueryName>(name: Name, request: Queries[Name]['request'], options: AskOptions = {}) {
    const { minPosition } = options;
    const asked = newest.with(minPosition === undefined ? null : BigInt(minPosition));
    const onPosition = (position: string) => newest.note(position);
    const end = performance.now() + allWaitMs;
    const askOnce = () =>
      queries.ask(name, request, {
        ...options,
        ...(asked === undefined ? {} : { minPosition: asked, positionWaitMs: replicaWaitMs }),
        onPosition,
      });
    for (;;) {
      const next = performance.now() + replicaWaitMs;
      const isLast = asked === undefined || performance.now() + replicaWaitMs >= end;
      try {
        const answer = await askOnce();
        if (!answer.stale || isLast) return answer;
      } catch (error) {
        if (isLast || !isBehind(error)) throw error;
      }
      // A replica that refuses immediately is not asked again immediately.
      await sleep(Math.max(0, next - performance.now()), options.signal);
    }
  },
});

/** The replica asked is not there yet, or still builds its read models; another one may be further. */
const isBehind = (error: unknown): boolean =>
  isRejection(error) && error.faults.every(({ code, meta }) => code === 'unavailable' && meta === undefined);
