import type { ServiceName } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { CommandHandlers, CommandServer, Messaging } from '@alfa-cloud/messaging';
import type { HostedService } from './host.ts';
import { recordLateDecision } from './record-late-decision.ts';
import { rejectPoison } from './reject-poison.ts';

/** What a service needs to carry out commands. */
export interface CommandServiceDeps {
  messaging: Pick<Messaging, 'serveCommands'>;
  eventStore: EventStore;
}

/** Longest time that running commands get to finish when the service stops, in milliseconds. */
const graceMs = 20_000;

/** A service that does nothing but carry out its commands. */
export const createCommandService = (
  name: ServiceName,
  handlers: CommandHandlers,
  { messaging, eventStore }: CommandServiceDeps,
): HostedService => {
  let server: CommandServer | undefined;
  return {
    checks: {},
    async start() {
      server = await messaging.serveCommands(name, {
        handlers,
        onPoison: (poison) => rejectPoison(eventStore, poison),
        onLateDecision: (decision) => recordLateDecision(eventStore, decision),
      });
    },
    async stop() {
      await server?.stop(graceMs);
    },
  };
};
