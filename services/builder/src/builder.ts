import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { CommandServer, Messaging, QueryServer } from '@alfa-cloud/messaging';
import type { Vault } from '@alfa-cloud/secrets';
import { recordLateDecision, rejectPoison, type HostedService } from '@alfa-cloud/service-host';
import type { BuilderConfig } from './config.ts';
import { commandHandlers } from './handlers.ts';
import { repositoryQueries } from './repository/queries.ts';

export interface BuilderDeps {
  messaging: Pick<Messaging, 'serveCommands' | 'serveQueries'>;
  eventStore: EventStore;
  vault: Vault;
}

/** Longest time that running commands get to finish when the service stops, ms. */
const graceMs = 20_000;

/** Composition root of the builder. */
export const createBuilder = (
  { source: { git } }: BuilderConfig,
  { messaging, eventStore: store, vault }: BuilderDeps,
): HostedService => {
  let queries: QueryServer | undefined;
  let commands: CommandServer | undefined;
  return {
    checks: {},
    async start() {
      queries = await messaging.serveQueries('builder', repositoryQueries({ store }));
      commands = await messaging.serveCommands('builder', {
        handlers: commandHandlers({ store, vault, git }),
        onPoison: (poison) => rejectPoison(store, poison),
        onLateDecision: (decision) => recordLateDecision(store, decision),
      });
    },
    async stop() {
      await commands?.stop(graceMs);
      await queries?.stop();
    },
  };
};
