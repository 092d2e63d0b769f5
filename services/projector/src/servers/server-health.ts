import {
  conforms,
  HealthObservation,
  type ServerView,
  type HealthReason,
  type RecordedHealth,
} from '@alfa-cloud/contracts';

/** A comparison older than this says nothing any more. */
export const healthFreshMs = 180_000;
/** Servers remembered at most; of more the oldest observations are dropped. */
const serversMax = 10_000;

/** What the events told last of a server's health. */
export interface ToldHealth {
  health: RecordedHealth;
  reasons: HealthReason[];
  checkedAt: string;
}

/** The part of a server's view that depends on when it is asked for. */
export type ShownHealth = Pick<ServerView, 'health' | 'healthReasons' | 'healthCheckedAt'>;

/** What was observed of servers' health since this process began: events say when it changed, observations that it still holds. */
export interface HealthObservations {
  /** Takes in one observation; anything that has not its form is ignored. */
  record(message: unknown): void;
  /** Health of a server at a moment, by the newer of what its events told and what was observed since. */
  shown(serverId: string, told: ToldHealth | null, nowMs: number): ShownHealth;
}

export const createHealthObservations = (): HealthObservations => {
  const newest = new Map<string, HealthObservation>();
  return {
    record(message) {
      if (!conforms(HealthObservation, message)) return;
      const { serverId, checkedAt } = message;
      const known = newest.get(serverId);
      if (known !== undefined && Date.parse(known.checkedAt) > Date.parse(checkedAt)) return;
      newest.delete(serverId);
      newest.set(serverId, message);
      const [oldest] = newest.keys();
      if (newest.size > serversMax && oldest !== undefined) newest.delete(oldest);
    },
    shown(serverId, told, nowMs) {
      const seen = newest.get(serverId);
      const isSeenNewer = seen !== undefined && ageOf(seen) >= ageOf(told);
      const known = isSeenNewer ? seen : told;
      const healthCheckedAt = known?.checkedAt ?? null;
      if (known === null || nowMs - Date.parse(known.checkedAt) > healthFreshMs) {
        return { health: 'unknown', healthReasons: [], healthCheckedAt };
      }
      // The reasons told belong to the health told.
      const healthReasons = known.health === told?.health ? told.reasons : [];
      return { health: known.health, healthReasons, healthCheckedAt };
    },
  };
};

const ageOf = (known: { checkedAt: string } | null): number =>
  known === null ? -1 : Date.parse(known.checkedAt);
