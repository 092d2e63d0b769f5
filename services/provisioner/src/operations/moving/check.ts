import { detailsOf, type Fault } from '@alfa-cloud/contracts';
import type { StepIo, StepWork } from '@alfa-cloud/operations';
import { serverStep } from '@alfa-cloud/servers';
import { loadClient } from '../../domain/load.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { final, transient } from '../../on-server/failures.ts';
import type { OperationsDeps } from '../common/module.ts';
import type { Moving } from './moving.ts';
import { obstaclesOfSize, obstaclesOnServers, recordedObstacles, type Site } from './obstacles.ts';
import type { Transfer } from '../../resources/transfer/client-transfer.ts';

type Deps = Pick<OperationsDeps, 'store' | 'places' | 'preparation' | 'moves'> & {
  transfer: Transfer;
};

/** Everything that speaks against the move, before anything is touched. */
export const checkStep = (deps: Deps): StepWork<Moving> =>
  serverStep({
    cancellable: true,
    deadlineMs: deps.moves.deadlineMs,
    async act(moving, { operationId, signal }) {
      const { from, to } = moving;
      const { state } = await loadClient(deps.store, from.client.id);
      if (state.status !== 'active') throw new Error(`Client ${from.client.id} is ${state.status}`);
      throwFirst(await recordedObstacles(deps, state, to.server.id));
      return checkServers(deps, moving, { operationId, signal });
    },
  });

/**
 * Throws what speaks on the two servers against bringing the data of `from` to `to`, before anything is touched.
 * @returns a sentence for the log
 */
export const checkServers = async (
  { transfer, preparation }: Pick<Deps, 'transfer' | 'preparation'>,
  { from, to }: { from: ClientOnServer; to: Site },
  { operationId, signal }: Pick<StepIo, 'operationId' | 'signal'>,
): Promise<string> => {
  throwFirst(await obstaclesOnServers({ from, to }, signal));
  const measured = await transfer.measure(from, { operationId, signal });
  throwFirst(await obstaclesOfSize({ to }, measured, preparation.freeBytesMin, signal));
  return `Database ${inMib(measured.databaseBytes)}, storage ${inMib(measured.storageBytes)} in ${measured.files} files`;
};

/** The failure that the obstacles are: one that may be gone in a moment only where a server did not answer. */
const throwFirst = (faults: readonly Fault[]): void => {
  const [first] = faults;
  if (first === undefined) return;
  const failure = first.code === 'server_unreachable' ? transient : final;
  throw failure(first.code, detailsOf(faults));
};

const inMib = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
