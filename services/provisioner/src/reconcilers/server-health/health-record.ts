import { newId, streams, subjects, type HealthObservation } from '@alfa-cloud/contracts';
import { handleCommand, type EventStore } from '@alfa-cloud/event-sourcing';
import type { Feed } from '@alfa-cloud/messaging';
import { ownCause } from '@alfa-cloud/operations';
import { serverDecider, type ServerCommand } from '../../domain/server.ts';
import { healthOf, reasonsOf, type Finding } from './finding.ts';

export interface HealthRecordDeps {
  store: EventStore;
  feed: Feed;
}

/** Records what was found if it is something new, and says on the live feed what holds. */
export const recordHealth = async (
  deps: HealthRecordDeps,
  serverId: string,
  findings: readonly Finding[],
  at: Date,
): Promise<void> => {
  const checkedAt = at.toISOString();
  const health = healthOf(findings);
  await record(deps, serverId, { type: 'record_health', health, reasons: reasonsOf(findings), checkedAt });
  const observation: HealthObservation = { serverId, checkedAt, health };
  deps.feed.publish(subjects.serverHealth, observation);
};

export const recordMended = (
  deps: HealthRecordDeps,
  serverId: string,
  mended: readonly Finding[],
): Promise<void> => record(deps, serverId, { type: 'record_mended', mended: reasonsOf(mended) });

const record = async (
  { store }: HealthRecordDeps,
  serverId: string,
  command: ServerCommand,
): Promise<void> => {
  const eventId = newId();
  await handleCommand(store, {
    stream: streams.server(serverId),
    decider: serverDecider,
    command,
    cause: ownCause(),
    eventIds: () => eventId,
  });
};
