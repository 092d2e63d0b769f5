import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { CommandServer, Messaging } from '@alfa-cloud/messaging';
import { recordLateDecision, rejectPoison, type HostedService } from '@alfa-cloud/service-host';
import { handlers } from './handlers.ts';

export interface BuilderDeps {
  messaging: Messaging;
  eventStore: EventStore;
}

/** Longest time that commands under way get to finish when the service stops, in milliseconds. */
const graceMs = 20_000;

/** Composition root of the builder. */
export const createBuilder = (deps: BuilderDeps): HostedService => {
  let server: CommandServer | undefined;
  return {
    checks: {},
    async start() {
      server = await deps.messaging.serveCommands('builder', {
        handlers,
        onPoison: (poison) => rejectPoison(deps.eventStore, poison),
        onLateDecision: (late) => recordLateDecision(deps.eventStore, late),
      });
    },
    async stop() {
      await server?.stop(graceMs);
    },
  };
};
