import { deriveId, endDraining as operation, message, reject, streams } from '@alfa-cloud/contracts';
import { handleCommand } from '@alfa-cloud/event-sourcing';
import type { CommandHandler } from '@alfa-cloud/messaging';
import { causeOf } from '@alfa-cloud/operations';
import { loadServer, serverDecider } from '@alfa-cloud/servers';
import { bulkInTheWay } from '../../domain/bulk-under-way.ts';
import type { OperationModule, OperationsDeps } from '../common/module.ts';

/** Lets clients come to a server again that was drained. */
export const endDraining: OperationModule<typeof operation> = {
  operation,
  handlers: (deps) => ({ EndDraining: endDrainingHandler(deps) }),
};

const endDrainingHandler = ({ store }: OperationsDeps): CommandHandler<'EndDraining'> => ({
  async handle({ command, accepted }) {
    const { serverId } = command.data;
    const { state } = await loadServer(store, serverId);
    if (state.status === 'absent') throw reject('not_found', message`There is no server with this id`);
    if (state.status === 'removed') throw reject('gone', message`Server ${state.server.name} was removed`);
    const running = await bulkInTheWay(store, 'server.drain', [serverId]);
    if (running !== null) {
      const { operationId } = running;
      const detail = message`Clients of the server are being moved away: cancel that first (POST /operations/${operationId}/cancel)`;
      throw reject('operation_in_progress', detail, { meta: { operationId } });
    }
    const { position } = await handleCommand(store, {
      stream: streams.server(serverId),
      decider: serverDecider,
      command: { type: 'end_draining' },
      cause: causeOf(command),
      eventIds: (index) => deriveId(command.id, 'end-draining', index),
    });
    await accepted({ serverId }, position);
  },
});
