import { releaseMove as operation, streams, type ClientEvent } from '@alfa-cloud/contracts';
import { loadServer } from '@alfa-cloud/servers';
import { heldOf } from '../../domain/held.ts';
import { loadClientOnServer } from '../../on-server/client-on-server.ts';
import { refuseWhileRebooting } from '../../on-server/while-rebooting.ts';
import { clientOperation } from '../common/client-operation.ts';
import { removalSteps } from '../steps/removal.ts';

/** Removes what the server that a client has left keeps of it. Only backups stay there, for their time. */
export const releaseMove = clientOperation(operation, (deps) => ({
  async admit({ moveId }, state) {
    if (state.status !== 'active') return;
    await refuseWhileRebooting(deps.store, heldOf(state, moveId).serverId);
  },
  place({ data: { clientId } }, state) {
    // Once it is done nothing is loaded any more.
    const serverId = (state.status === 'active' ? state.held?.serverId : undefined) ?? state.client.serverId;
    return {
      servers: [serverId],
      async load() {
        const context = await loadClientOnServer(deps, clientId, serverId);
        return { context, redact: context.redact };
      },
    };
  },
  steps: () => removalSteps(deps.store),
  async afterEnd({ data: { clientId }, operationId, cause }, status) {
    if (status !== 'ok') return;
    const { events } = await deps.store.read<ClientEvent>(streams.client(clientId));
    for (const { type, data } of events) {
      if (type !== 'ClientMoveReleased' || data.operationId !== operationId) continue;
      await deps.places.freePlace({ serverId: data.serverId, clientId }, cause);
    }
  },
  async outcome({ server }, { data: { moveId } }) {
    const { state } = await loadServer(deps.store, server.id);
    const serverName = state.status === 'absent' ? server.name : state.server.name;
    return {
      fact: { type: 'ClientMoveReleased', data: { moveId, serverId: server.id, serverName } },
      result: { serverId: server.id },
    };
  },
}));
