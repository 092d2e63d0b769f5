import { isCloudServerError } from '@alfa-cloud/cloud-server';
import type { ClientView } from '@alfa-cloud/contracts';
import type { QuerySender } from '@alfa-cloud/messaging';
import type { Vault } from '@alfa-cloud/secrets';
import { errorMessage, errorName, Semaphore, type Logger } from '@alfa-cloud/service-kit';
import type { CloudServers } from '../cloud-servers.ts';
import { loadClient, loadServer } from '../load.ts';
import { clientNames } from '../on-server/names.ts';
import { pageOfVhost } from '../on-server/proxy-configuration.ts';
import { createRounds, type Rounds } from '../rounds.ts';
import type { ServerState } from '../servers/server.ts';
import { activeClients } from './active-clients.ts';
import { loadClientOnServer } from './client-on-server.ts';
import { hasExpired, makePageTrue, wantedVhost, type PageDeps } from './page.ts';

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
 * Looks regularly whether every client shows what it should: blocks those whose last day has ended, opens those that were extended while
 * their server was away, and replaces virtual hosts that are gone or not of Alfa Cloud's making. It writes only what differs, so several replicas do no harm.
 */
export const createPageWatch = (deps: PageWatchDeps): Rounds =>
  createRounds({
    failure: 'the pages of clients could not be looked at',
    everyMs: deps.settings.everyMs,
    round: (signal) => watchOnce(deps, signal),
    logger: deps.logger,
  });

/** One round over all clients in use. */
export const watchOnce = async (deps: PageWatchDeps, signal: AbortSignal): Promise<void> => {
  const slots = new Semaphore(deps.settings.parallel);
  const serverOf = serversOnce(deps);
  for await (const clients of activeClients(deps.queries, {}, signal)) {
    await Promise.all(
      clients.map((client) => slots.run(() => putRight(deps, client, serverOf, signal), signal)),
    );
  }
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

/** One client's fault is no reason not to look at the others. */
const putRight = async (
  deps: PageWatchDeps,
  view: ClientView,
  serverOf: ServerOf,
  signal: AbortSignal,
): Promise<void> => {
  try {
    if (await seemsRight(deps, view, serverOf, signal)) return;
    await putRightByEvents(deps, view.id, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    // A server that is away is nothing new: the availability of its clients tells of it.
    const level = isCloudServerError(error) && error.kind === 'transient' ? 'debug' : 'warn';
    deps.logger[level]({ clientId: view.id, reason: errorMessage(error) }, 'page not put right');
  }
};

/** A cheap look by the read model, which may be a little behind: it only chooses whom to look at closely. */
const seemsRight = async (
  { cloudServers, clock, timeZone }: PageWatchDeps,
  { slug, serverId, expireDate, maintenance }: ClientView,
  serverOf: ServerOf,
  signal: AbortSignal,
): Promise<boolean> => {
  const found = await serverOf(serverId);
  if (found.status === 'absent') return true;
  const { vhostFile } = clientNames(slug, found.server.domain);
  const text = await cloudServers.of(found.server).files.read(vhostFile, { signal });
  const page = text === null ? null : pageOfVhost(text);
  return (
    page !== null &&
    page.expired === hasExpired({ clock, timeZone }, expireDate) &&
    (page.maintenance === null) === (maintenance === null)
  );
};

const putRightByEvents = async (
  deps: PageWatchDeps,
  clientId: string,
  signal: AbortSignal,
): Promise<void> => {
  const { state } = await loadClient(deps.store, clientId);
  if (state.status !== 'active') return;
  const client = await loadClientOnServer(deps, clientId);
  const found = await client.cloud.files.read(client.names.vhostFile, { signal });
  if (found === wantedVhost(deps, state, client.server.domain, found).text) return;
  await makePageTrue(deps, client, { signal }).catch((error: unknown) => {
    if (errorName(error) !== 'StepFailure') throw error;
    deps.logger.warn({ clientId, reason: errorMessage(error) }, 'page not put right');
  });
};
