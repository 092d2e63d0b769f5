import { type DataOf, message, undoMove as operation } from '@alfa-cloud/contracts';
import type { Execution, StepsOf, StepWork } from '@alfa-cloud/operations';
import { isForClient, serverStep } from '@alfa-cloud/servers';
import { undoableOf } from '../../domain/held.ts';
import { final } from '../../on-server/failures.ts';
import { refuseWhileRebooting } from '../../on-server/while-rebooting.ts';
import { clientDatabase } from '../../resources/database/client-database.ts';
import { reconcileVirtualHost } from '../../resources/virtual-host/virtual-host.ts';
import { clientOperation } from '../common/client-operation.ts';
import type { OperationsDeps } from '../common/module.ts';
import { at, backTo, routeOf, untilMoved, type Moving } from '../moving/moving.ts';
import { laterWhereAway } from '../moving/later.ts';
import { forwardStep } from '../moving/forward.ts';
import { between, repointStep } from '../moving/repoint.ts';
import { closedVhostStep } from '../moving/start.ts';
import { startAgainStep, stopForGood, stopStep } from '../moving/stop.ts';
import { backupIdOf, backupStep } from '../steps/backup.ts';
import { healthyStep } from '../steps/healthy.ts';
import { closeStep, containerStopped, openStep } from '../steps/maintenance.ts';
import { reachableStep } from '../steps/reachable.ts';
import { wholeSettingsStep } from '../steps/settings.ts';
import { compareStep, readWritten } from './written-since.ts';

type Undo = Execution<DataOf<typeof operation>>;

/**
 * Brings a client back to the server that keeps it, as it was there. What it has had since on the other one is kept in a backup there, and removed
 * with all the rest right after.
 */
export const undoMove = clientOperation<typeof operation, Moving>(operation, (deps) => ({
  async admit({ moveId }, state) {
    if (state.status !== 'active') return;
    await refuseWhileRebooting(deps.store, undoableOf(state, moveId).serverId);
  },
  place({ data: { clientId }, operationId }, state) {
    const held = state.status === 'active' ? state.held : null;
    const before = held === null || held.operationId === operationId ? null : held.before;
    const route = routeOf(state, operationId, () => held?.serverId ?? state.client.serverId);
    return backTo(deps, clientId, before, route);
  },
  steps: (execution) => stepsOf(deps, execution),
  async outcome({ from, to }, { operationId }) {
    const backupId = backupIdOf(operationId);
    const writtenSince = await readWritten(from, backupId);
    return { fact: null, result: { from: from.server.id, to: to.server.id, backupId, writtenSince } };
  },
}));

const stepsOf = (deps: OperationsDeps, execution: Undo): StepsOf<typeof operation, Moving> => {
  const { config, store } = deps;
  const { operationId, data } = execution;
  const steps: StepsOf<typeof operation, Moving> = {
    check: keptStep,
    page: at('from', closeStep(deps, config, execution, containerStopped)),
    stop: at('from', stopStep(config)),
    backup: at('from', backupStep(deps, execution, { kind: 'move', withStorage: true })),
    compare: compareStep(deps, operationId),
    start: laterWhereAway(config, at('to', startAgainStep(config))),
    healthy: at('to', healthyStep(config)),
    vhost: laterWhereAway(
      config,
      at(
        'to',
        closedVhostStep(deps, config, async (client, signal) => {
          await reconcileVirtualHost(deps, client, { signal });
          return `${client.names.host} leads on again`;
        }),
      ),
    ),
    repoint: repointStep(deps, execution, (moving) => {
      const { client, imageId, previousImage, demo } = moving.to;
      if (imageId === null) throw new Error(`Client ${client.id} has no image`);
      return {
        type: 'ClientMoveUndone',
        data: {
          // Nothing leads back there, and what was entered is in the backup: it goes at once.
          ...between(moving, deps.clock(), 0),
          moveId: data.moveId,
          backupId: backupIdOf(operationId),
          image: client.image,
          imageId,
          previousImage,
          demo: demo === 'present',
        },
      };
    }),
    open: at('to', openStep(deps)),
    // As recorded by now: until its record the client had the changes of others on the server that it leaves.
    settings: at('to', wholeSettingsStep(deps)),
    forward: forwardStep(deps, config),
    reachable: at('to', reachableStep(config)),
  };
  return Object.fromEntries(
    Object.entries(steps).map(([name, step]) => [name, untilMoved(store, step)]),
  ) as typeof steps;
};

/**
 * Looks whether the former server still has all that the client had there, before anything is touched. A failure stops the container there, in case it
 * could not be stopped before the client was opened again where it lives; the watch of pages has the virtual host lead on.
 */
const keptStep: StepWork<Moving> = serverStep({
  deadlineMs: 120_000,
  async act({ to }, { signal }) {
    const { cloud, names, client, server } = to;
    const container = await cloud.docker.container(names.container, { signal });
    const volume = await cloud.docker.volume(names.volume, { signal });
    const { database } = await clientDatabase(to).inspect({ signal });
    const isWhole =
      container !== null &&
      volume !== null &&
      isForClient(client.id, container.labels) &&
      isForClient(client.id, volume.labels) &&
      database === 'own';
    if (isWhole) return `Server ${server.name} has container, volume and database of the client`;
    throw final(
      'held_incomplete',
      message`Server ${server.name} does not have all of the client any more: its container, its volume or its database is gone`,
    );
  },
  async compensate({ to }, { signal }) {
    const found = await to.cloud.docker.container(to.names.container, { signal });
    if (found?.status !== 'running') return `Nothing of the client runs on server ${to.server.name}`;
    await stopForGood(to, signal);
    return `Container ${to.names.container} is stopped`;
  },
});
