import { operationOf } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { Clock } from '@alfa-cloud/service-kit';
import type { ClientState } from '../../domain/client.ts';
import { loadClient } from '../../domain/load.ts';
import { recordOnClient } from '../record.ts';
import type { Look } from './look.ts';

/** How long this process relies on what it has recorded itself, ms: another replica may have recorded something else. */
const knownMs = 300_000;

export interface AvailabilityRecord {
  /**
   * Records changed availability; ignores observations older than the last accepted one. Returns the recorded value; undefined when the client
   * is not in use.
   * @param serverId where it was looked at: what is seen where it does not live says nothing of it
   * @param checkedAt begin of the observation
   */
  take(clientId: string, serverId: string, look: Look, checkedAt: Date): Promise<boolean | null | undefined>;
  /** Forgets what is too old to be relied on. */
  sweep(): void;
}

export const createAvailabilityRecord = (store: EventStore, clock: Clock): AvailabilityRecord => {
  const known = new Map<string, { available: boolean | null; seenAt: number; until: number }>();
  return {
    async take(clientId, serverId, look, checkedAt) {
      const { available } = look;
      const now = clock().getTime();
      const recorded = known.get(clientId);
      if (recorded !== undefined && recorded.until > now) {
        // Observations of rounds and of container events overlap.
        if (recorded.seenAt > checkedAt.getTime()) return recorded.available;
        if (recorded.available === available) {
          recorded.seenAt = checkedAt.getTime();
          return available;
        }
      }
      const { state } = await loadClient(store, clientId);
      if (state.status !== 'active' || state.client.serverId !== serverId) return undefined;
      if (available !== true && isStoppedOnPurpose(state)) return state.availability?.available ?? null;
      const checked = { ...look, checkedAt: checkedAt.toISOString() };
      await recordOnClient(store, clientId, { type: 'record_availability', ...checked });
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
