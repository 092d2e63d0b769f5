import { isCloudServerError } from '@alfa-cloud/cloud-server';
import type { ClientView } from '@alfa-cloud/contracts';
import type { QuerySender } from '@alfa-cloud/messaging';
import type { Vault } from '@alfa-cloud/secrets';
import { errorMessage, Semaphore, type Logger } from '@alfa-cloud/service-kit';
import type { CloudServers } from '../../on-server/cloud-servers.ts';
import { loadClient, loadServer } from '../../domain/load.ts';
import { clientNames } from '../../on-server/names.ts';
import { pageOfVhost } from '../../on-server/proxy-configuration.ts';
import { createRounds, type Rounds } from '../periodic-task.ts';
import type { RegisteredServer, ServerState } from '../../domain/server.ts';
import { activeClients } from '../../read-models/active-clients.ts';
import { loadClientOnServer } from '../../on-server/client-on-server.ts';
import { hasExpired, expectedVhost, type PageDeps } from '../../resources/virtual-host/expected-vhost.ts';
import { reconcileVirtualHost } from '../../resources/virtual-host/virtual-host.ts';

export interface PageWatchSettings {
  /** From the begin of a round to the begin of the next, ms: so late a client is blocked after its last day. */
  everyMs: number;
  /** Clients looked at the same time. */
  parallel: number;
}

export interface PageWatchDeps extends PageDeps {
  queries: QuerySender;
  vault: Vault;
  cloudServers: CloudServers;
  logger: Logger;
  settings: PageWatchSettings;
}

/**
 * Looks regularly whether every client shows what it should and leads where it should: blocks those whose last day has ended, opens those that
 * were extended while their server was away, and replaces virtual hosts that are gone, changed by somebody, or left elsewhere by an operation
 * that could not take back what it had done. It writes only what differs, so several replicas do no harm.
 */
export const createPageWatch = (deps: PageWatchDeps): Rounds => {
  let known: KnownPages = new Map();
  return createRounds({
    failure: 'the pages of clients could not be looked at',
    everyMs: deps.settings.everyMs,
    async round(signal) {
      known = await watchOnce(deps, signal, known);
    },
    logger: deps.logger,
  });
};

/** What was found right by the events, by client: its virtual host, and the read model as it was then. */
export type KnownPages = ReadonlyMap<string, string>;

/**
 * One round over all clients in use. Answers what it has found right.
 * @param known the same of the round before: who is still as he was then is not looked at closely
 */
export const watchOnce = async (
  deps: PageWatchDeps,
  signal: AbortSignal,
  known: KnownPages = new Map(),
): Promise<KnownPages> => {
  const slots = new Semaphore(deps.settings.parallel);
  const serverOf = serversOnce(deps);
  const right = new Map<string, string>();
  for await (const clients of activeClients(deps.queries, {}, signal)) {
    await Promise.all(
      clients.map((client) =>
        slots.run(async () => {
          const found = await putRight(deps, client, { serverOf, known: known.get(client.id), signal });
          if (found !== null) right.set(client.id, found);
        }, signal),
      ),
    );
  }
  return right;
};

type ServerOf = (id: string) => Promise<ServerState>;

/** Servers are few and clients are many: each server is loaded once a round. */
const serversOnce = ({ store }: PageWatchDeps): ServerOf => {
  const loaded = new Map<string, Promise<ServerState>>();
  return (id) => {
    const known = loaded.get(id) ?? loadServer(store, id).then(({ state }) => state);
    loaded.set(id, known);
    return known;
  };
};

interface Look {
  serverOf: ServerOf;
  /** What was right in the round before. */
  known: string | undefined;
  signal: AbortSignal;
}

/** One client's fault is no reason not to look at the others. Answers what is right. */
const putRight = async (deps: PageWatchDeps, view: ClientView, look: Look): Promise<string | null> => {
  const { serverOf, known, signal } = look;
  try {
    const server = await serverOf(view.serverId);
    if (server.status === 'absent') return null;
    const { domain, limits } = server.server;
    const { vhostFile } = clientNames(view.slug, domain);
    const found = await deps.cloudServers.of(server.server).files.read(vhostFile, { signal });
    const seen = `${view.updatedAt} ${view.runningOperationId} ${JSON.stringify(limits)} ${found}`;
    if (seen === known && showsWhatItShould(deps, view, found)) return seen;
    if (await isRight(deps, view.id, server.server, found)) return seen;
    await reconcileVirtualHost(deps, await loadClientOnServer(deps, view.id), { signal });
  } catch (error) {
    if (signal.aborted) throw error;
    // A server that is away is nothing new: the availability of its clients tells of it.
    const level = isCloudServerError(error) && error.kind === 'transient' ? 'debug' : 'warn';
    deps.logger[level]({ clientId: view.id, reason: errorMessage(error) }, 'page not put right');
  }
  return null;
};

/** The day that it is changes without an event. */
const showsWhatItShould = (deps: PageWatchDeps, { expireDate }: ClientView, found: string | null): boolean =>
  found !== null && pageOfVhost(found)?.expired === hasExpired(deps, expireDate);

/** By the newest events, since the read model may be a little behind. A client that is not in use is left alone. */
const isRight = async (
  deps: PageWatchDeps,
  clientId: string,
  server: RegisteredServer,
  found: string | null,
): Promise<boolean> => {
  const { state } = await loadClient(deps.store, clientId);
  return state.status !== 'active' || found === expectedVhost(deps, state, server, found).text;
};
