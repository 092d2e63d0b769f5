import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { Feed, QuerySender } from '@alfa-cloud/messaging';
import type { Vault } from '@alfa-cloud/secrets';
import { type CloudServers, isRebooting, loadServer, type ServerState } from '@alfa-cloud/servers';
import { sleep, type Clock } from '@alfa-cloud/service-kit';
import { loadPreparation, type Preparation } from '../../on-server/preparation.ts';
import { allServers } from '../../read-models/in-use.ts';
import { createReconciler, type Reconciler } from '../reconciler.ts';
import { isSame, type Finding } from './finding.ts';
import { recordHealth, recordMended } from './health-record.ts';
import { lookAtServer, type Seen } from './look-at-server.ts';
import { mend, type MendingDeps } from './mend.ts';
import { createPace, type Pace } from './pace.ts';

export interface ServerHealthConfig {
  /** From the begin of a round to the begin of the next, ms. */
  everyMs: number;
  /** Servers looked at the same time. */
  parallel: number;
  /** Between the two looks that have to agree before something counts as found, ms. */
  confirmMs: number;
  /** Longest wait after mending until what was started works, ms. */
  settleMs: number;
}

export interface ServerHealthDeps extends MendingDeps {
  store: EventStore;
  vault: Vault;
  feed: Feed;
  queries: QuerySender;
  cloudServers: CloudServers;
  clock: Clock;
  config: ServerHealthConfig;
  /** Told what each look has found, before anything is mended. */
  onLook?(serverId: string, findings: readonly Finding[]): Promise<void>;
}

/**
 * Compares what Alfa Cloud has put on each server with what is there, mends what can be mended without interrupting clients, and records
 * both.
 */
export const createServerHealthReconciler = (deps: ServerHealthDeps): Reconciler<{ id: string }> => {
  const pace = createPace();
  return createReconciler<{ id: string }>({
    name: 'server health',
    idName: 'serverId',
    ...deps.config,
    async *choose(signal) {
      yield* await allServers(deps.queries, signal);
    },
    reconcile: ({ id }, signal) => reconcileServer(deps, pace, id, signal),
    logger: deps.logger,
  });
};

/** One look at a server, with the mending that follows from it. */
export const reconcileServer = async (
  deps: ServerHealthDeps,
  pace: Pace,
  serverId: string,
  signal: AbortSignal,
): Promise<void> => {
  const { state } = await loadServer(deps.store, serverId);
  if (!isInService(state) || isRebooting(state)) return;
  const preparation = await loadPreparation(deps, serverId);
  const look = await confirmedLook(deps, preparation, signal);
  const { at, findings } = look;
  await recordHealth(deps, serverId, findings, at);
  await deps.onLook?.(serverId, findings);
  if (findings.length === 0 || !(await mayMend(deps, serverId))) return;
  const workedOn = await mend(deps, preparation, findings, {
    mayTry: ({ code, about }) => pace.take(`${serverId} ${code} ${about}`),
    signal,
  });
  if (workedOn.length === 0) return;
  const after = await settledLook(deps, preparation, look, signal);
  const mended = workedOn.filter((one) => !after.findings.some((other) => isSame(one, other)));
  await recordMended(deps, serverId, mended);
  await recordHealth(deps, serverId, after.findings, after.at);
  if (mended.length > 0)
    deps.logger.warn({ serverId, mended: mended.map(({ code }) => code) }, 'server mended');
};

/** A server that has been ready once may hold clients until it is removed, whatever became of later preparations. */
const isInService = (state: ServerState): boolean =>
  state.status !== 'absent' && state.status !== 'removed' && state.wasReady;

/** A preparation under way does all this itself, and a reboot starts everything anew. */
const mayMend = async ({ store }: ServerHealthDeps, serverId: string): Promise<boolean> => {
  const { state } = await loadServer(store, serverId);
  if (isRebooting(state)) return false;
  return state.status === 'failed' || (state.status === 'ready' && !state.again);
};

interface Look extends Seen {
  at: Date;
}

const lookOnce = async (
  { preparationConfig, clock }: ServerHealthDeps,
  preparation: Preparation,
  signal: AbortSignal,
  earlier?: Look,
): Promise<Look> => {
  const at = clock();
  return { at, ...(await lookAtServer(preparation, preparationConfig, signal, earlier)) };
};

/** Looks a second time where something was found: a container that somebody restarts is away for a moment only. */
const confirmedLook = async (
  deps: ServerHealthDeps,
  preparation: Preparation,
  signal: AbortSignal,
): Promise<Look> => {
  const first = await lookOnce(deps, preparation, signal);
  if (first.findings.length === 0) return first;
  await sleep(deps.config.confirmMs, signal);
  return lookOnce(deps, preparation, signal, first);
};

const settlePollMs = 500;

/** Looks until what was started answers, at most `settleMs`. */
const settledLook = async (
  deps: ServerHealthDeps,
  preparation: Preparation,
  before: Look,
  signal: AbortSignal,
): Promise<Look> => {
  const end = performance.now() + deps.config.settleMs;
  for (let earlier = before; ;) {
    const look = await lookOnce(deps, preparation, signal, earlier);
    if (!look.findings.some(({ isDown }) => isDown) && !isLoading(look)) return look;
    if (performance.now() >= end) return look;
    earlier = look;
    await sleep(settlePollMs, signal);
  }
};

const isLoading = ({ findings }: Look): boolean =>
  findings.some(({ code }) => code === 'proxy_configuration_not_loaded');
