import {
  message,
  reject,
  subjects,
  type ClientView,
  type MonitoringHistory,
  type ServerMonitoring,
} from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { Feed, QuerySender } from '@alfa-cloud/messaging';
import { type CloudServers, loadServer, type RegisteredServer } from '@alfa-cloud/servers';
import { errorMessage, type Clock, type Logger } from '@alfa-cloud/service-kit';
import { activeClients } from '../read-models/in-use.ts';
import { growthPerDay } from './growth.ts';
import { historyOf } from './history.ts';
import { metricsOf, valuesOf } from './metrics.ts';
import { presentSample } from './present-sample.ts';
import { ratesBetween, type Rates } from './rates.ts';
import { planHistory, tiers, type HistoryRequest } from './resolution.ts';
import type { SampleStore } from './sample-store.ts';
import { isSilent, takeSample, type Sample } from './sample.ts';
import { findSizes, type Sizes } from './sizes.ts';

export interface MonitorDeps {
  store: EventStore;
  queries: QuerySender;
  feed: Feed;
  cloudServers: CloudServers;
  clock: Clock;
  logger: Logger;
  samples: SampleStore;
  /** Between two samples of a server, ms. */
  everyMs: number;
}

/** Measures servers, and remembers what it has measured. */
export interface Monitor {
  /** Measures a server for the record; null when it has told nothing, is removed or not there. */
  sample(serverId: string, signal: AbortSignal): Promise<ServerMonitoring | null>;
  /** Finds out anew how much lies on the server's disks for each client. */
  measureSizes(serverId: string, signal: AbortSignal): Promise<void>;
  /** Whether these were found out since this process began. */
  hasSizes(serverId: string): boolean;
  /** What the server is busy with now, with rates since the newest sample. Rejection `not_found` or `gone`. */
  now(serverId: string): Promise<ServerMonitoring>;
  /** The newest sample, if it still says something of the moment; null without one. */
  known(serverId: string): ServerMonitoring | null;
  /** The newest sample, or a measurement now when there is none yet. Rejection `not_found` or `gone`. */
  newest(serverId: string): Promise<ServerMonitoring>;
  /** What was measured of the server, or of one client there. Rejection `not_found` or `gone`. */
  history(serverId: string, request: HistoryRequest & { clientId?: string }): Promise<MonitoringHistory>;
  /** Drops what is too old, and all of servers that were removed. */
  sweep(): Promise<void>;
}

/** Longest time of each question to a server, ms. */
const askMs = 3000;
/** Longest wait for the read models, ms. */
const clientsMs = 1000;
/** A sample older than so many intervals says nothing of the moment, and no rate begins with it. */
const intervalsMax = 3;

interface Remembered {
  sample: Sample;
  rates: Rates | null;
  monitoring: ServerMonitoring;
}

export const createMonitor = (deps: MonitorDeps): Monitor => {
  const { store, samples, clock, everyMs } = deps;
  const remembered = new Map<string, Remembered>();
  const sizes = new Map<string, Sizes>();
  const underWay = new Map<string, Promise<ServerMonitoring>>();
  const maxAgeMs = intervalsMax * everyMs;

  const standing = async (id: string): Promise<RegisteredServer> => {
    const { state } = await loadServer(store, id);
    if (state.status === 'absent') throw reject('not_found', message`Server ${id} does not exist`);
    if (state.status === 'removed') {
      remembered.delete(id);
      throw reject('gone', message`Server ${state.server.name} was removed`);
    }
    return state.server;
  };

  const measure = async (server: RegisteredServer, signal?: AbortSignal) => {
    const options = { now: clock, deadlineMs: askMs, ...(signal === undefined ? {} : { signal }) };
    const [sample, clients] = await Promise.all([
      takeSample(deps.cloudServers.of(server), options),
      clientsOf(deps, server.id, signal),
    ]);
    const before = remembered.get(server.id);
    const since = before === undefined ? null : ratesBetween(before.sample, sample, maxAgeMs / 1000);
    const growth = growthOfDisks(samples, server.id, sample.at);
    const known = { clients, capacity: server.capacity, sizes: sizes.get(server.id) ?? null, growth };
    return { sample, before, since, known };
  };

  const measureNow = async (server: RegisteredServer): Promise<ServerMonitoring> => {
    const { sample, before, since, known } = await measure(server);
    // Right after a sample too little has happened since: its own rates are as good.
    const holds =
      before !== undefined &&
      sample.measured.bootId === before.sample.measured.bootId &&
      !isSilent(sample) &&
      sample.at - before.sample.at < everyMs;
    return presentSample(sample, since ?? (holds ? before.rates : null), known);
  };

  /** Those who ask at the same time share one measurement. */
  const now = (server: RegisteredServer): Promise<ServerMonitoring> => {
    const running = underWay.get(server.id);
    if (running !== undefined) return running;
    const begun = measureNow(server).finally(() => underWay.delete(server.id));
    underWay.set(server.id, begun);
    return begun;
  };

  const known = (serverId: string) => ifFresh(remembered.get(serverId), clock().getTime() - maxAgeMs);

  return {
    known,
    async sample(serverId, signal) {
      const { state } = await loadServer(store, serverId);
      if (state.status === 'absent' || state.status === 'removed') return null;
      const { sample, since, known } = await measure(state.server, signal);
      if (isSilent(sample)) return null;
      const monitoring = presentSample(sample, since, known);
      remembered.set(serverId, { sample, rates: since, monitoring });
      keep(deps, serverId, sample.at, monitoring);
      deps.feed.publish(subjects.serverMeasured(serverId), { serverId });
      return monitoring;
    },
    async measureSizes(serverId, signal) {
      const server = await standing(serverId);
      const clients = await Array.fromAsync(activeClients(deps.queries, { serverId }, signal));
      sizes.set(serverId, await findSizes(deps.cloudServers.of(server), clients, { now: clock, signal }));
    },
    hasSizes: (serverId) => sizes.has(serverId),
    now: async (serverId) => now(await standing(serverId)),
    async newest(serverId) {
      const server = await standing(serverId);
      return known(serverId) ?? now(server);
    },
    async history(serverId, { clientId, ...request }) {
      await standing(serverId);
      const plan = planHistory(request, clock().getTime(), everyMs);
      const wanted =
        clientId === undefined
          ? { kinds: ['server', 'disk'] as const }
          : { kinds: ['client'] as const, name: clientId };
      return historyOf(plan, samples.read(serverId, wanted, plan));
    },
    async sweep() {
      samples.sweep(clock().getTime());
      for (const serverId of new Set([...samples.servers(), ...remembered.keys(), ...sizes.keys()])) {
        const { state } = await loadServer(store, serverId);
        if (state.status !== 'absent' && state.status !== 'removed') continue;
        samples.forget(serverId);
        remembered.delete(serverId);
        sizes.delete(serverId);
      }
    },
  };
};

const ifFresh = (newest: Remembered | undefined, sinceMs: number): ServerMonitoring | null =>
  newest !== undefined && newest.sample.at > sinceMs ? newest.monitoring : null;

/** What can't be kept for charts must not keep alerts and live streams from coming. */
const keep = (
  { samples, logger }: MonitorDeps,
  serverId: string,
  at: number,
  monitoring: ServerMonitoring,
): void => {
  try {
    samples.add(serverId, at, valuesOf(monitoring));
  } catch (error) {
    logger.warn({ serverId, reason: errorMessage(error) }, 'sample not kept');
  }
};

/** Null when the read models do not answer: what is reserved is then not known. */
const clientsOf = async (
  { queries, logger }: MonitorDeps,
  serverId: string,
  signal: AbortSignal | undefined,
): Promise<ClientView[] | null> => {
  const inTime = AbortSignal.any([AbortSignal.timeout(clientsMs), ...(signal === undefined ? [] : [signal])]);
  try {
    return await Array.fromAsync(activeClients(queries, { serverId }, inTime));
  } catch (error) {
    logger.debug({ serverId, reason: errorMessage(error) }, 'clients of a measured server not known');
    return null;
  }
};

const dayMs = 86_400_000;

const growthOfDisks = (samples: SampleStore, serverId: string, now: number): Map<string, number> => {
  const [, tenMinutes = tiers[0]] = tiers;
  if (tenMinutes === undefined) return new Map();
  const range = { tier: tenMinutes, from: now - dayMs, to: now + 1 };
  const index = metricsOf.disk.indexOf('usedBytes');
  return new Map(
    samples.read(serverId, { kinds: ['disk'] }, range).flatMap(({ name, rows }): [string, number][] => {
      const points = [...rows].flatMap(({ at, summaries }) => {
        const summary = summaries[index] ?? null;
        return summary === null ? [] : [{ at, value: summary.avg }];
      });
      const growth = growthPerDay(points);
      return growth === null ? [] : [[name, growth]];
    }),
  );
};
