import { deriveId, streams, type ClientView, type Command, type CommandData } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { CommandSender, QuerySender } from '@alfa-cloud/messaging';
import { operationIdOf } from '@alfa-cloud/operations';
import type { Clock, Logger } from '@alfa-cloud/service-kit';
import { createReconciler, type Reconciler } from '../reconciler.ts';

export interface HoldKeeperConfig {
  /** From the begin of a round to the begin of the next, ms. */
  everyMs: number;
}

export interface HoldKeeperDeps {
  store: EventStore;
  queries: QuerySender;
  /** Asked for when there is something to send: it is there once the service is connected. */
  commands: () => CommandSender;
  clock: Clock;
  logger: Logger;
  config: HoldKeeperConfig;
}

const pageSize = 100;
/** A removal that has failed is tried again after this time, ms. */
const againMs = 600_000;

/**
 * Removes what servers keep of clients that have moved away once the time of holding is over. The command's id follows from move and time, so several
 * replicas have one effect.
 */
export const createHoldKeeper = (deps: HoldKeeperDeps): Reconciler<ClientView> => {
  const { store, queries, commands, config, logger } = deps;
  return createReconciler({
    name: 'holding of moved clients',
    idName: 'clientId',
    ...config,
    parallel: 1,
    choose: (signal) => overdue(queries, deps.clock, signal),
    async reconcile(client) {
      const command = commandFor(client, deps.clock());
      if (command === null) return;
      // It has failed in this time already.
      if ((await store.read(streams.operation(operationIdOf(command)))).revision !== null) return;
      await commands().send(command, { waitMs: 0 });
    },
    logger,
  });
};

async function* overdue(queries: QuerySender, clock: Clock, signal: AbortSignal): AsyncGenerator<ClientView> {
  for (let number = 1; ; number += 1) {
    const { result } = await queries.ask(
      'ListClients',
      {
        page: { number, size: pageSize },
        sort: [{ field: 'slug', descending: false }],
        filter: { status: 'active', held: true },
        includeServers: false,
      },
      { signal },
    );
    const now = clock().getTime();
    for (const client of result.items) {
      const isOver = client.held !== null && Date.parse(client.held.until) <= now;
      // An operation on the client has the turn; the next round comes again.
      if (isOver && client.runningOperationId === null) yield client;
    }
    if (result.items.length < pageSize) return;
  }
}

const commandFor = (
  { id: clientId, held }: ClientView,
  now: Date,
): Command<CommandData<'ReleaseMove'>, 'ReleaseMove'> | null => {
  if (held === null) return null;
  const { operationId: moveId } = held;
  const id = deriveId(moveId, 'release', Math.floor(now.getTime() / againMs));
  return {
    id,
    name: 'ReleaseMove',
    data: { clientId, moveId },
    actor: 'alfa-cloud',
    correlationId: id,
    causationId: id,
    issuedAt: now.toISOString(),
    fingerprint: id,
  };
};
