import { createHash } from 'node:crypto';
import type { ServerMonitoring } from '@alfa-cloud/contracts';
import type { QuerySender } from '@alfa-cloud/messaging';
import { sleep, type Logger } from '@alfa-cloud/service-kit';
import type { Monitor } from '../../monitoring/monitor.ts';
import { allServers } from '../../read-models/in-use.ts';
import { createPeriodicTask, type PeriodicTask } from '../periodic-task.ts';
import { createReconciler } from '../reconciler.ts';

export interface SamplerConfig {
  /** Between two samples of a server, ms. */
  everyMs: number;
  /** Between two times that databases and volumes are measured, ms. */
  sizesEveryMs: number;
  /** Servers sampled at the same time. */
  parallel: number;
}

export interface SamplerDeps {
  monitor: Monitor;
  queries: QuerySender;
  logger: Logger;
  config: SamplerConfig;
  /** Told each sample; null: the server has told nothing. */
  onSample(serverId: string, monitoring: ServerMonitoring | null): Promise<void>;
}

const sweepEveryMs = 3_600_000;
/** Servers of which databases and volumes are read through at the same time. */
const sizesParallel = 2;
/** Part of a round over which its servers are spread, so that the round is over in time. */
const spread = 0.9;

/** Samples every server in rounds, at a moment of its own in each round; less often the sizes of what lies there. */
export const createSampler = (deps: SamplerDeps): Pick<PeriodicTask, 'start' | 'stop'> => {
  const { monitor, queries, logger, config } = deps;
  const common = { idName: 'serverId' as const, logger };
  const samples = createReconciler<{ id: string }>({
    ...common,
    name: 'samples',
    everyMs: config.everyMs,
    parallel: config.parallel,
    choose: (signal) => spreadOut(queries, config.everyMs, signal),
    async reconcile({ id }, signal) {
      const monitoring = await monitor.sample(id, signal);
      // A server that is new does not wait for the next round.
      if (monitoring !== null && !monitor.hasSizes(id)) void sizes.soon({ id });
      await deps.onSample(id, monitoring);
    },
  });
  const sizes = createReconciler<{ id: string }>({
    ...common,
    name: 'sizes',
    everyMs: config.sizesEveryMs,
    parallel: sizesParallel,
    async *choose(signal) {
      yield* await allServers(queries, signal);
    },
    reconcile: ({ id }, signal) => monitor.measureSizes(id, signal),
  });
  const sweep = createPeriodicTask({
    failure: 'samples not swept',
    everyMs: sweepEveryMs,
    run: () => monitor.sweep(),
    logger,
  });
  const all = [samples, sizes, sweep];
  return {
    start() {
      for (const each of all) each.start();
    },
    async stop() {
      await Promise.all(all.map((each) => each.stop()));
    },
  };
};

/** Each server at its own moment of the round, the same in every round. */
async function* spreadOut(
  queries: QuerySender,
  everyMs: number,
  signal: AbortSignal,
): AsyncGenerator<{ id: string }> {
  const begin = performance.now();
  const servers = (await allServers(queries, signal)).map(({ id }) => ({ id, at: momentOf(id, everyMs) }));
  for (const { id, at } of servers.toSorted((one, other) => one.at - other.at)) {
    await sleep(Math.max(0, at - (performance.now() - begin)), signal);
    yield { id };
  }
}

/** From the begin of a round, ms. Replicas agree on it, so that it can be told from the sample's time. Pure. */
export const momentOf = (serverId: string, everyMs: number): number =>
  Math.floor((createHash('sha256').update(serverId).digest().readUInt32BE() / 2 ** 32) * spread * everyMs);
