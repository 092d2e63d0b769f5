import { AvailabilityObservation, conforms, HealthObservation, subjects } from '@alfa-cloud/contracts';
import type { Feed } from '@alfa-cloud/messaging';

/** What was seen on a server holds as of then: of its clients, or of itself. What differed from before is a change. */
export interface Observed {
  serverId: string;
  /** The attribute that the views concerned would show. */
  attribute: 'availableCheckedAt' | 'healthCheckedAt';
  at: string;
}

/** Servers remembered between two looks at most. */
const serversMax = 1000;

/** The newest observations since the last look. */
export interface Observations {
  take(): Observed[];
  stop(): void;
}

/** @param wanted which of them the reader wants to hear of */
export const watchObservations = (
  feed: Feed,
  wanted: { attributes: readonly Observed['attribute'][]; serverId: string | undefined },
): Observations => {
  const newest = new Map<string, Observed>();
  const note = (attribute: Observed['attribute'], serverId: string, at: string): void => {
    if (wanted.serverId !== undefined && wanted.serverId !== serverId) return;
    const key = `${attribute} ${serverId}`;
    if (newest.size < serversMax || newest.has(key)) newest.set(key, { serverId, attribute, at });
  };
  const sources = {
    availableCheckedAt: () =>
      feed.subscribe(subjects.availability, (message) => {
        if (conforms(AvailabilityObservation, message)) {
          note('availableCheckedAt', message.serverId, message.checkedAt);
        }
      }),
    healthCheckedAt: () =>
      feed.subscribe(subjects.serverHealth, (message) => {
        if (conforms(HealthObservation, message))
          note('healthCheckedAt', message.serverId, message.checkedAt);
      }),
  };
  const stops = wanted.attributes.map((attribute) => sources[attribute]());
  return {
    take() {
      const all = [...newest.values()];
      newest.clear();
      return all;
    },
    stop: () => stops.forEach((stop) => stop()),
  };
};
