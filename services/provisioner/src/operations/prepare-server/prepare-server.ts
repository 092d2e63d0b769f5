import { deriveId, streams } from '@alfa-cloud/contracts';
import { handleCommand } from '@alfa-cloud/event-sourcing';
import type { CommandHandler } from '@alfa-cloud/messaging';
import { isOperationUnderWay, operationIdOf } from '../common/accept-and-run.ts';
import { loadServer } from '../../domain/load.ts';
import { causeOf } from '@alfa-cloud/operations';
import { reserveName } from './change-server.ts';
import {
  runPreparation,
  type PreparationDeps,
  type PreparationRequest,
  type PreparationRun,
} from './run-preparation.ts';
import { serverDecider } from '../../domain/server.ts';

/** Prepares a server again on request. A ready one serves its clients and takes new ones meanwhile. */
export const prepareServerHandler = (deps: PreparationDeps): CommandHandler<'PrepareServer'> => ({
  async handle(delivery) {
    const { command } = delivery;
    await prepareAgain(deps, delivery, {
      serverId: command.data.serverId,
      operationId: operationIdOf(command),
    });
  },
  isUnderWay: isOperationUnderWay(deps.store),
});

/** @throws Rejection `not_found`, `gone`, and `operation_in_progress` while the server is being prepared */
export const prepareAgain = async (
  deps: PreparationDeps,
  request: PreparationRequest,
  run: PreparationRun,
): Promise<void> => {
  const { store } = deps;
  const { serverId, operationId } = run;
  const cause = causeOf(request.command);
  const { state } = await loadServer(store, serverId);
  if (state.status === 'failed') await reserveName(deps, state, {}, cause);
  await handleCommand(store, {
    stream: streams.server(serverId),
    decider: serverDecider,
    command: { type: 'prepare', operationId },
    cause,
    eventIds: (index) => deriveId(operationId, 'begin', index),
  });
  await runPreparation(deps, request, run);
};
