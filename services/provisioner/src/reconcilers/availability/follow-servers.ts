import type { DockerEngine } from '@alfa-cloud/cloud-server';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import { type CloudServers, label, loadServer } from '@alfa-cloud/servers';
import { backoffMs, errorMessage, sleep, type Logger } from '@alfa-cloud/service-kit';
import { serverNames } from '../../on-server/names.ts';

export interface FollowDeps {
  store: EventStore;
  cloudServers: CloudServers;
  logger: Logger;
  /** An event of a client's container. */
  onClient(serverId: string, clientId: string): void;
  /** A name may stand for another image on the server. */
  onImage(serverId: string): void;
  /** An event that may concern all clients of a server, or a time in which its events could not be heard. */
  onServer(serverId: string): void;
}

/** First and longest pause before the next subscription to the events of a server, ms. */
const pause = { firstMs: 500, maxMs: 30_000 } as const;

/** Containers that concern every client of their server. */
const ofServer: ReadonlySet<string> = new Set([serverNames.proxy, serverNames.database]);

/** Subscriptions to the events of the servers' Docker Engines. */
export interface ServerFollowers {
  /** Follows these servers and no others from now on. */
  sync(serverIds: readonly string[]): void;
  stop(): Promise<void>;
}

export const createServerFollowers = (deps: FollowDeps): ServerFollowers => {
  const following = new Map<string, { controller: AbortController; done: Promise<void> }>();
  const end = async (id: string): Promise<void> => {
    const follower = following.get(id);
    following.delete(id);
    follower?.controller.abort(new Error('The server is not followed any more'));
    await follower?.done;
  };
  return {
    sync(serverIds) {
      for (const id of following.keys()) if (!serverIds.includes(id)) void end(id);
      for (const id of serverIds) {
        if (following.has(id)) continue;
        const controller = new AbortController();
        following.set(id, { controller, done: keepFollowing(deps, id, controller.signal) });
      }
    },
    async stop() {
      await Promise.all([...following.keys()].map(end));
    },
  };
};

/** Never rejects. */
const keepFollowing = async (deps: FollowDeps, serverId: string, signal: AbortSignal): Promise<void> => {
  let failures = 0;
  while (!signal.aborted) {
    try {
      const { state } = await loadServer(deps.store, serverId);
      if (state.status === 'absent') return;
      const { docker } = deps.cloudServers.of(state.server);
      await docker.followEvents({
        // Also of the proxy and the database, which concern every client.
        labels: [`${label.managed}=true`],
        signal,
        onOpen() {
          failures = 0;
          deps.onServer(serverId);
        },
        onEvent(event) {
          const clientId = event.labels[label.client];
          if (clientId !== undefined) deps.onClient(serverId, clientId);
          // Such as those by which an image is tested: a look at the whole server costs more than the test.
          else if (!ofServer.has(event.name)) return;
          else if (event.network === undefined) deps.onServer(serverId);
          else void tellOfNetwork(deps, docker, { serverId, network: event.network, signal });
        },
        onImage: () => deps.onImage(serverId),
      });
    } catch (error) {
      failures += 1;
      deps.logger.debug({ serverId, reason: errorMessage(error) }, 'events of a server can not be followed');
      if (failures === 1) deps.onServer(serverId);
    }
    await sleep(backoffMs(failures, pause.firstMs, pause.maxMs), signal).catch(() => undefined);
  }
};

/** Proxy or database were connected to a network or disconnected: that concerns the client whose network it is. Never rejects. */
const tellOfNetwork = async (
  deps: FollowDeps,
  docker: DockerEngine,
  { serverId, network, signal }: { serverId: string; network: string; signal: AbortSignal },
): Promise<void> => {
  try {
    const found = await docker.network(network, { signal });
    // The network was removed meanwhile, and its client with it.
    if (found === null) return;
    const clientId = found.labels[label.client];
    if (clientId === undefined) deps.onServer(serverId);
    else deps.onClient(serverId, clientId);
  } catch (error) {
    deps.logger.debug({ serverId, network, reason: errorMessage(error) }, 'a network could not be inspected');
  }
};
