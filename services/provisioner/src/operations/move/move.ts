import { type DataOf, moveClient as operation, Rejection } from '@alfa-cloud/contracts';
import type { Execution, StepsOf } from '@alfa-cloud/operations';
import { refuseWhileRebooting } from '../../on-server/while-rebooting.ts';
import { clientOperation } from '../common/client-operation.ts';
import type { OperationsDeps } from '../common/module.ts';
import { closeStep, containerStopped, openStep } from '../steps/maintenance.ts';
import { reachableStep } from '../steps/reachable.ts';
import { wholeSettingsStep } from '../steps/settings.ts';
import { at, routeOf, towards, untilMoved, type Moving } from '../moving/moving.ts';
import { recordedObstacles } from '../moving/obstacles.ts';
import { moveResult } from './result.ts';
import { checkStep } from '../moving/check.ts';
import { copySteps } from '../moving/copy.ts';
import { laterWhereAway } from '../moving/later.ts';
import { forwardStep } from '../moving/forward.ts';
import { between, repointStep } from '../moving/repoint.ts';
import { closedVhostStep, movedImageStep, startStep } from '../moving/start.ts';
import { stopStep } from '../moving/stop.ts';
import { reserveStep, targetStep } from '../moving/target.ts';

type Move = Execution<DataOf<typeof operation>>;

/**
 * Brings a client to another server. Until `repoint` the client serves where it was, but behind its page while the last data are copied, and a
 * failure takes back what was done; from there on it lives on the new server, and the former one keeps what it had, stopped.
 */
export const move = clientOperation<typeof operation, Moving>(operation, (deps) => ({
  async admit({ targetServer }, state) {
    if (state.status !== 'active') return;
    const faults = await recordedObstacles(deps, state, targetServer);
    if (faults.length > 0) throw new Rejection(faults);
    await refuseWhileRebooting(deps.store, targetServer);
  },
  place({ data: { clientId, targetServer }, operationId }, state) {
    return towards(
      deps,
      clientId,
      operationId,
      routeOf(state, operationId, () => targetServer),
    );
  },
  steps: (execution) => untilRepointed(deps, stepsOf(deps, execution)),
  outcome: (moving, execution) => moveResult(deps.store, moving, execution),
}));

const stepsOf = (deps: OperationsDeps, execution: Move): StepsOf<typeof operation, Moving> => {
  const { config, transfer, moves, clock } = deps;
  const copies = copySteps(transfer, moves);
  return {
    check: checkStep(deps),
    image: movedImageStep(deps),
    reserve: reserveStep(deps, execution),
    target: targetStep(deps),
    storage: copies.storage,
    vhost: at('to', closedVhostStep(deps, config)),
    page: at('from', closeStep(deps, config, execution, containerStopped)),
    stop: at('from', stopStep(config)),
    storage_rest: copies.storage_rest,
    database: copies.database,
    verify: copies.verify,
    start: laterWhereAway(config, startStep(config)),
    repoint: repointStep(deps, execution, (moving, imageId) => {
      const { holdHours = moves.holdHours } = execution.data;
      return { type: 'ClientMoved', data: { ...between(moving, clock(), holdHours), imageId } };
    }),
    // The new address first: who comes by the old one is led to an open door.
    open: at('to', openStep(deps)),
    // What was recorded after the database was copied has been written on the former server.
    settings: at('to', wholeSettingsStep(deps)),
    forward: forwardStep(deps, config),
    reachable: at('to', reachableStep(config)),
  };
};

/** None of the steps takes anything back once the client has moved. */
const untilRepointed = <Steps extends StepsOf<typeof operation, Moving>>(
  { store }: Pick<OperationsDeps, 'store'>,
  steps: Steps,
): Steps =>
  Object.fromEntries(Object.entries(steps).map(([name, step]) => [name, untilMoved(store, step)])) as Steps;
