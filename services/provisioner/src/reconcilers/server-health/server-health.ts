import { isCloudServerError } from '@alfa-cloud/cloud-server';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { Feed, QuerySender } from '@alfa-cloud/messaging';
import type { Vault } from '@alfa-cloud/secrets';
import { errorMessage, Semaphore, sleep, type Clock } from '@alfa-cloud/service-kit';
import type { CloudServers } from '../../on-server/cloud-servers.ts';
import { coalesced } from '../coalesced.ts';
import { loadServer } from '../../domain/load.ts';
import { createRounds, type Rounds } from '../periodic-task.ts';
import { loadPreparation, type Preparation } from '../../on-server/preparation.ts';
import type { ServerState } from '../../domain/server.ts';
import { isSame, type Finding } from './finding.ts';
import { recordHealth, recordMended } from './health-record.ts';
import { lookAtServer } from './look-at-server.ts';
import { mend, type MendingDeps } from './mend.ts';
import { createPace, type Pace } from './pace.ts';

export interface ServerWatchSettings {
  /** From the begin of a round to the begin of the next, ms. */
  everyMs: number;
  /** Servers looked at the same time. */
  parallel: number;
  /** Between the two looks that have to agree before something counts as found, ms. */
  confirmMs: number;
  /** Longest wait after mending until what was started works, ms. */
  settleMs: number;
}

export interface ServerWatchDeps extends MendingDeps {
  store: EventStore;
  vault: Vault;
  feed: Feed;
  queries: QuerySender;
  cloudServers: CloudServers;
  clock: Clock;
  watch: ServerWatchSettings;
}

/** A watch that can be asked to look at one server soon. */
export interface ServerWatch extends Pick<Rounds, 'start' | 'stop'> {
  soon(serverId: string): void;
}

/**
 * Compares regularly what Alfa Cloud has put on each server with what is there, mends what can be mended without interrupting clients, and
 * records both. What is mended is decided by what is found, so several replicas do no harm.
 */
export const createServerWatch = (deps: ServerWatchDeps): ServerWatch => {
  const stopped = new AbortController();
  const { signal } = stopped;
  const slots = new Semaphore(deps.watch.parallel);
  const pace = createPace();
  const look = coalesced(
    (serverId) => slots.run(() => watchServer(deps, pace, serverId, signal), signal),
    (serverId, error) => {
      if (signal.aborted) return;
      // A server that goes away in the middle is looked at again.
      const level = isCloudServerError(error) && error.kind === 'transient' ? 'debug' : 'warn';
      deps.logger[level]({ serverId, reason: errorMessage(error) }, 'server not looked at');
    },
  );
  const rounds = createRounds({
    failure: 'servers could not be looked at',
    everyMs: deps.watch.everyMs,
    async round() {
      const { result } = await deps.queries.ask('ListServers', { active: 'all' }, { signal });
      await Promise.all(result.items.map(({ id }) => look.soon(id)));
    },
    logger: deps.logger,
  });
  return {
    start: () => rounds.start(),
    soon: (serverId) => void look.soon(serverId),
    async stop() {
      stopped.abort(new Error('The service stops'));
      await rounds.stop();
      await look.ended();
    },
  };
};

/** One look at a server, with the mending that follows from it. */
export const watchServer = async (
  deps: ServerWatchDeps,
  pace: Pace,
  serverId: string,
  signal: AbortSignal,
): Promise<void> => {
  const { state } = await loadServer(deps.store, serverId);
  if (!isInService(state)) return;
  const preparation = await loadPreparation(deps, serverId);
  const { at, findings } = await confirmedLook(deps, preparation, signal);
  await recordHealth(deps, serverId, findings, at);
  if (findings.length === 0 || !(await mayMend(deps, serverId))) return;
  const workedOn = await mend(deps, preparation, findings, {
    mayTry: ({ code, about }) => pace.take(`${serverId} ${code} ${about}`),
    signal,
  });
  if (workedOn.length === 0) return;
  const after = await settledLook(deps, preparation, signal);
  const mended = workedOn.filter((one) => !after.findings.some((other) => isSame(one, other)));
  await recordMended(deps, serverId, mended);
  await recordHealth(deps, serverId, after.findings, after.at);
  deps.logger.warn({ serverId, mended: mended.map(({ code }) => code) }, 'server mended');
};

/** A server that has taken clients is looked after until it is removed, whatever became of later preparations. */
const isInService = (state: ServerState): boolean =>
  state.status !== 'absent' && state.status !== 'removed' && state.wasReady;

/** A preparation under way does all this itself. */
const mayMend = async ({ store }: ServerWatchDeps, serverId: string): Promise<boolean> => {
  const { state } = await loadServer(store, serverId);
  return state.status === 'failed' || (state.status === 'ready' && !state.again);
};

interface Look {
  at: Date;
  findings: Finding[];
}

const lookOnce = async (
  { settings, clock }: ServerWatchDeps,
  preparation: Preparation,
  signal: AbortSignal,
): Promise<Look> => {
  const at = clock();
  return { at, findings: await lookAtServer(preparation, settings, signal) };
};

/** Looks again where something was found: a container that somebody restarts is away for a moment only. */
const confirmedLook = async (
  deps: ServerWatchDeps,
  preparation: Preparation,
  signal: AbortSignal,
): Promise<Look> => {
  const first = await lookOnce(deps, preparation, signal);
  if (first.findings.length === 0) return first;
  await sleep(deps.watch.confirmMs, signal);
  return lookOnce(deps, preparation, signal);
};

const settlePollMs = 500;

/** What was started takes a while until it answers. */
const settledLook = async (
  deps: ServerWatchDeps,
  preparation: Preparation,
  signal: AbortSignal,
): Promise<Look> => {
  const end = performance.now() + deps.watch.settleMs;
  for (;;) {
    const look = await lookOnce(deps, preparation, signal);
    if (!look.findings.some(({ isDown }) => isDown) && !isLoading(look)) return look;
    if (performance.now() >= end) return look;
    await sleep(settlePollMs, signal);
  }
};

const isLoading = ({ findings }: Look): boolean =>
  findings.some(({ code }) => code === 'proxy_configuration_not_loaded');
