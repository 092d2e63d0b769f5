import { newId, operationOf, streams } from '@alfa-cloud/contracts';
import { handleCommand, type EventStore } from '@alfa-cloud/event-sourcing';
import type { Clock } from '@alfa-cloud/service-kit';
import { loadClient } from '../../domain/load.ts';
import { ownCause } from '@alfa-cloud/operations';
import { clientDecider, type ClientState } from '../../domain/client.ts';
import type { Look } from './look.ts';

/** How long what was recorded is taken as known: another replica may have recorded something else meanwhile. */
const knownMs = 300_000;

/** Puts on record what is seen of clients. */
export interface AvailabilityRecord {
  /**
   * Records a confirmed look if it tells something new; one that began before another one that was taken is left out. Answers what is held to be true of the client after it; `undefined` when there is
   * no such client in use.
   */
  take(clientId: string, look: Look, checkedAt: Date): Promise<boolean | null | undefined>;
  /** Forgets what is too old to be relied on. */
  sweep(): void;
}

export const createAvailabilityRecord = (store: EventStore, clock: Clock): AvailabilityRecord => {
  const known = new Map<string, { available: boolean | null; seenAt: number; until: number }>();
  return {
    async take(clientId, look, checkedAt) {
      const { available, reason } = look;
      const now = clock().getTime();
      const recorded = known.get(clientId);
      if (recorded !== undefined && recorded.until > now) {
        // Rounds and looks after an event overlap: the one that began first must not have the last word.
        if (recorded.seenAt > checkedAt.getTime()) return recorded.available;
        if (recorded.available === available) {
          recorded.seenAt = checkedAt.getTime();
          return available;
        }
      }
      const { state } = await loadClient(store, clientId);
      if (state.status !== 'active') return undefined;
      if (available !== true && isStoppedOnPurpose(state)) return state.availability?.available ?? null;
      const eventId = newId();
      await handleCommand(store, {
        stream: streams.client(clientId),
        decider: clientDecider,
        command: { type: 'record_availability', available, reason, checkedAt: checkedAt.toISOString() },
        cause: ownCause(),
        eventIds: () => eventId,
      });
      known.set(clientId, { available, seenAt: checkedAt.getTime(), until: now + knownMs });
      return available;
    },
    sweep() {
      const now = clock().getTime();
      for (const [id, { until }] of known) if (until <= now) known.delete(id);
    },
  };
};

const isStoppedOnPurpose = (state: ClientState): boolean =>
  state.status === 'active' &&
  state.operation !== null &&
  operationOf(state.operation.kind).meanwhile.container === 'stops';
