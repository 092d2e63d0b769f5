import { deriveId, prepareServer as operation, streams } from '@alfa-cloud/contracts';
import { handleCommand } from '@alfa-cloud/event-sourcing';
import { operationHandler, type Implementation } from '@alfa-cloud/operations';
import { loadServer, serverDecider } from '@alfa-cloud/servers';
import type { OperationModule, OperationsDeps } from '../common/module.ts';
import { changeServerHandler } from './change-server.ts';
import { begunPreparation } from './preparation.ts';
import { registerServer } from './register-server.ts';
import { reserveName } from './server-names.ts';

/** Prepares a server: on request, with its registration, or because a change of it needs that. */
export const prepareServer: OperationModule<typeof operation> = {
  operation,
  implement: (deps) => onRequest(deps),
  handlers: (deps) => ({
    RegisterServer: operationHandler(deps, registerServer(deps)),
    ChangeServer: changeServerHandler(deps),
    PrepareServer: operationHandler(deps, onRequest(deps)),
  }),
};

/** A ready server serves its clients and takes new ones meanwhile. */
const onRequest = (deps: OperationsDeps): Implementation<{ serverId: string }, typeof operation> => ({
  operation,
  async begin(execution) {
    const { data, operationId, cause } = execution;
    const { state } = await loadServer(deps.store, data.serverId);
    if (state.status === 'failed') await reserveName(deps, state, {}, cause);
    await handleCommand(deps.store, {
      stream: streams.server(data.serverId),
      decider: serverDecider,
      command: { type: 'prepare', operationId },
      cause,
      eventIds: (index) => deriveId(operationId, 'begin', index),
    });
    return begunPreparation(deps, execution);
  },
});
