import { deriveId, streams } from '@alfa-cloud/contracts';
import { handleCommand, type EventStore } from '@alfa-cloud/event-sourcing';
import type { CommandHandler } from '@alfa-cloud/messaging';
import type { Vault } from '@alfa-cloud/secrets';
import type { ClientCount } from '../../read-models/client-count.ts';
import { loadServer } from '../../domain/load.ts';
import { causeOf } from '@alfa-cloud/operations';
import { release } from '../../domain/reservations.ts';
import type { KeyedSemaphore } from '@alfa-cloud/service-kit';
import { serverDecider } from '../../domain/server.ts';
import { serverNameReservation } from '../../domain/server-name.ts';

export interface RemoveServerDeps {
  store: EventStore;
  vault: Vault;
  clientCount: ClientCount;
  /** By server: while its clients are counted for a decision, this process admits none there. */
  admission: KeyedSemaphore;
}

/** Forgets a server without clients: its name is free again and its key is destroyed. What stands on it stays there. */
export const removeServerHandler = (deps: RemoveServerDeps): CommandHandler<'RemoveServer'> => {
  const { store, vault, clientCount } = deps;
  return {
    async handle(delivery) {
      const { command, signal } = delivery;
      const { serverId } = command.data;
      const cause = causeOf(command);
      const remove = async () => {
        const { state: before, position } = await loadServer(store, serverId);
        const isSettled = before.status === 'ready' || before.status === 'failed';
        return handleCommand(store, {
          stream: streams.server(serverId),
          decider: serverDecider,
          command: { type: 'remove', clients: isSettled ? await clientCount.certain(serverId, position) : 0 },
          cause,
          eventIds: (index) => deriveId(command.id, 'remove', index),
        });
      };
      const { state, position } = await deps.admission.run(serverId, remove, signal);
      if (state.status !== 'removed')
        throw new Error(`Server ${serverId} was removed and is ${state.status}`);
      await release(store, serverNameReservation(state.server), cause);
      await vault.destroyKey(`server.${serverId}`);
      await delivery.accepted({ serverId }, position);
    },
  };
};
