import { subscribeProjection, type EventStoreConnection, type Projection } from '@alfa-cloud/event-sourcing';
import type { Bucket } from '@alfa-cloud/messaging';
import { errorMessage, type Logger } from '@alfa-cloud/service-kit';
import { requestNotices, type RequestNoticesDeps } from './request-notices.ts';

export interface FollowDeps extends RequestNoticesDeps {
  client: EventStoreConnection['client'];
  /** Holds how far the events were followed. */
  bucket: Pick<Bucket, 'get' | 'create' | 'update' | 'purge'>;
  logger: Logger;
}

const key = 'followed';
/** How far the events were followed is noted this often at most, ms: what is followed once more does no harm. */
const noteEveryMs = 5000;

interface Followed {
  position: string;
  id: string;
}

/** Follows all events and requests what the administrator is to be told of them. @returns a function that ends it */
export const followEvents = async (deps: FollowDeps): Promise<() => Promise<void>> => {
  const { bucket, client, logger } = deps;
  let notedAt = -Infinity;
  let newest: Followed | null = null;
  let projection: Projection;
  let isStopping = false;
  const note = async (): Promise<void> => {
    if (newest === null) return;
    notedAt = performance.now();
    const value = JSON.stringify(newest);
    const known = await bucket.get(key);
    // Of two replicas either one's place is as good.
    if (known === null) await bucket.create(key, value);
    else await bucket.update(key, value, known.revision);
  };
  const follow = (from: Followed | null): Projection =>
    subscribeProjection({
      client,
      logger,
      fromPosition: from === null ? null : BigInt(from.position),
      newestEvent: from === null ? null : { position: BigInt(from.position), id: from.id },
      async handle({ events }) {
        for (const event of events) await requestNotices(deps, event);
        const last = events.at(-1);
        if (last === undefined) return;
        newest = { position: String(last.position), id: last.id };
        if (performance.now() - notedAt >= noteEveryMs) await note();
      },
      onForeign() {
        logger.warn('the event store is another one: its events are followed from the first one on');
        if (!isStopping) projection = follow(null);
      },
    });
  projection = follow(placeIn((await bucket.get(key))?.value ?? null));
  return async () => {
    isStopping = true;
    await projection.stop();
    await note().catch((error: unknown) =>
      logger.warn({ reason: errorMessage(error) }, 'how far the events were followed was not noted'),
    );
  };
};

const placeIn = (value: string | null): Followed | null =>
  value === null ? null : (JSON.parse(value) as Followed);
