import { messageTold, subjects, type HealthObservation } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import { withoutLastLines } from '@alfa-cloud/operations';
import type { Feed } from '@alfa-cloud/messaging';
import { recordOnServer } from '../record.ts';
import { finding, healthOf, reasonsOf, type Finding } from './finding.ts';

export interface HealthRecordDeps {
  store: EventStore;
  feed: Feed;
}

/** Records health that has changed, and publishes what holds. */
export const recordHealth = async (
  { store, feed }: HealthRecordDeps,
  serverId: string,
  findings: readonly Finding[],
  at: Date,
): Promise<void> => {
  const checkedAt = at.toISOString();
  const health = healthOf(findings);
  const reasons = reasonsOf(findings);
  await recordOnServer(store, serverId, { type: 'record_health', health, reasons, checkedAt });
  const observation: HealthObservation = { serverId, checkedAt, health };
  feed.publish(subjects.serverHealth, observation);
};

export const recordMended = (
  { store }: HealthRecordDeps,
  serverId: string,
  mended: readonly Finding[],
): Promise<void> => {
  // What a container wrote before it was started again stands in the health that was recorded.
  const inShort = mended.map(({ code, about, isDown, ...words }) =>
    finding(code, about, withoutLastLines(messageTold(words)), { isDown }),
  );
  return recordOnServer(store, serverId, { type: 'record_mended', mended: reasonsOf(inShort) });
};
