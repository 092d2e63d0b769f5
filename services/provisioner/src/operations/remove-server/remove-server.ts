import { deriveId, isRejection, removeServer as operation, streams } from '@alfa-cloud/contracts';
import { handleCommand } from '@alfa-cloud/event-sourcing';
import type { CommandHandler } from '@alfa-cloud/messaging';
import { causeOf } from '@alfa-cloud/operations';
import { loadServer, serverDecider } from '@alfa-cloud/servers';
import { release } from '../../domain/reservations.ts';
import { serverNameReservation } from '../../domain/server-name.ts';
import type { OperationModule, OperationsDeps } from '../common/module.ts';

/** Forgets a server without clients: its name is free again and its key is destroyed. What stands on it stays there. */
export const removeServer: OperationModule<typeof operation> = {
  operation,
  handlers: (deps) => ({ RemoveServer: removeServerHandler(deps) }),
};

const removeServerHandler = ({
  store,
  vault,
  places,
  admission,
}: OperationsDeps): CommandHandler<'RemoveServer'> => ({
  async handle(delivery) {
    const { command, signal } = delivery;
    const { serverId } = command.data;
    const cause = causeOf(command);
    const remove = async () => {
      const { state: before } = await loadServer(store, serverId);
      const isSettled = before.status === 'ready' || before.status === 'failed';
      // Nobody gets in any more between the count and the removal.
      const clients = isSettled ? await places.close(serverId, cause) : 0;
      return handleCommand(store, {
        stream: streams.server(serverId),
        decider: serverDecider,
        command: { type: 'remove', clients },
        cause,
        eventIds: (index) => deriveId(command.id, 'remove', index),
      }).catch(async (error: unknown) => {
        if (isRejection(error)) await places.reopen(serverId, cause);
        throw error;
      });
    };
    const { state, position } = await admission.run(serverId, remove, signal);
    if (state.status !== 'removed') throw new Error(`Server ${serverId} was removed and is ${state.status}`);
    await release(store, serverNameReservation(state.server), cause);
    await vault.destroyKey(`server.${serverId}`);
    await delivery.accepted({ serverId }, position);
  },
});
