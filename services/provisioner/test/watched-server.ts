import type { CloudServer } from '@alfa-cloud/cloud-server';
import { streams, type ServerEvent } from '@alfa-cloud/contracts';
import type { QuerySender } from '@alfa-cloud/messaging';
import { inMemoryFeed } from '@alfa-cloud/messaging/testing';
import { loadServer } from '@alfa-cloud/servers';
import { createLogger } from '@alfa-cloud/service-kit';
import { createPace } from '../src/reconcilers/server-health/pace.ts';
import { reconcileServer, type ServerHealthDeps } from '../src/reconcilers/server-health/server-health.ts';
import { createProxyFiles } from '../src/resources/server/proxy-files.ts';
import type { Rig } from './rig.ts';

export interface WatchedServerOptions {
  rig: Pick<Rig, 'store' | 'vault'>;
  cloud: CloudServer;
  serverId: string;
  /** Answers `ListClients`. */
  queries: QuerySender;
  watch?: Partial<ServerHealthDeps['config']>;
  /** Default: everything may be mended at once, again and again. */
  paced?: boolean;
}

/** The watch over one server, a look at a time, with what it has recorded. */
export const watchedServer = ({ rig, cloud, serverId, queries, watch, paced }: WatchedServerOptions) => {
  const { store, vault } = rig;
  const clock = () => new Date();
  const cloudServers = { of: () => cloud, close: async () => {} };
  const feed = inMemoryFeed();
  const preparationConfig = {
    databaseImage: 'alfa/mariadb:10.11',
    proxyImage: 'alfa/nginx:1',
    freeBytesMin: 0,
    clockSkewMaxMs: 60_000,
    databaseStartMs: 60_000,
    pullMs: 60_000,
  };
  const pace = createPace();
  const deps: ServerHealthDeps = {
    store,
    vault,
    feed,
    queries,
    cloudServers,
    clock,
    logger: createLogger({ service: 'test', level: 'fatal' }),
    preparationConfig,
    proxyFiles: createProxyFiles({ store, clock, timeZone: 'UTC', cloudServers, queries }),
    config: { everyMs: 1000, parallel: 1, confirmMs: 1, settleMs: 1, ...watch },
  };
  const events = async () => (await store.read<ServerEvent>(streams.server(serverId))).events;
  return {
    feed,
    /** One look. Answers what was recorded: each health with the codes of its reasons, and what was mended. */
    look: async (): Promise<string[]> => {
      const before = (await events()).length;
      const mayAlways = { take: () => true };
      await reconcileServer(deps, paced === true ? pace : mayAlways, serverId, new AbortController().signal);
      return (await events()).slice(before).flatMap(inWords);
    },
    reasons: async (): Promise<string[]> => {
      const { state } = await loadServer(store, serverId);
      const health = state.status === 'absent' ? null : state.health;
      return (health?.reasons ?? []).map(({ detail }) => detail);
    },
  };
};

const codesOf = (reasons: readonly { code: string }[]): string =>
  [...new Set(reasons.map(({ code }) => code))].join(' ');

const inWords = (event: ServerEvent): string[] => {
  if (event.type === 'ServerMended') return [`mended: ${codesOf(event.data.mended)}`];
  if (event.type !== 'ServerHealthChanged') return [];
  const { health, reasons } = event.data;
  return [reasons.length === 0 ? health : `${health}: ${codesOf(reasons)}`];
};
