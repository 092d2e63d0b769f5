import { isDeepStrictEqual } from 'node:util';
import { isCloudServerError, type CloudServer } from '@alfa-cloud/cloud-server';
import { newId, streams, type ClientEvent, type ClientView, type ServerView } from '@alfa-cloud/contracts';
import type { OperationEvent } from '@alfa-cloud/contracts';
import { handleCommand, type EventStore } from '@alfa-cloud/event-sourcing';
import { foldOperation, ownCause } from '@alfa-cloud/operations';
import type { QuerySender } from '@alfa-cloud/messaging';
import type { Vault } from '@alfa-cloud/secrets';
import { errorMessage, errorName, Semaphore, type Logger } from '@alfa-cloud/service-kit';
import type { CloudServers } from '../../on-server/cloud-servers.ts';
import { loadClient, loadServer } from '../../domain/load.ts';
import { clientNames } from '../../on-server/names.ts';
import type { SettingsColumn } from '../../on-server/sql.ts';
import { createRounds, type Rounds } from '../periodic-task.ts';
import { activeClients, isInUse } from '../../read-models/active-clients.ts';
import { clientDecider, type ActiveClient } from '../../domain/client.ts';
import { loadClientOnServer } from '../../on-server/client-on-server.ts';
import type { PageDeps } from '../../resources/virtual-host/expected-vhost.ts';
import { reconcileCloudSettings } from '../../resources/cloud-settings/reconcile.ts';
import { wrongColumns } from '../../resources/cloud-settings/cloud-settings.ts';
import { settingsOf } from '../../resources/cloud-settings/desired.ts';

export interface SettingsWatchSettings {
  /** From the begin of a round to the begin of the next, ms: settings that differ are put right within two. */
  everyMs: number;
  /** Servers looked at, and clients put right, at the same time. */
  parallel: number;
}

export interface SettingsWatchDeps extends Pick<PageDeps, 'store' | 'timeZone'> {
  queries: QuerySender;
  vault: Vault;
  cloudServers: CloudServers;
  logger: Logger;
  settings: SettingsWatchSettings;
}

/**
 * Looks regularly whether the settings in every client's database are what is recorded, and puts them right where somebody or something else has
 * changed them. One command a server and round; it writes only where something differs, so several replicas do no harm.
 */
export const createSettingsWatch = (deps: SettingsWatchDeps): Rounds =>
  createRounds({
    failure: 'the cloud settings of clients could not be looked at',
    everyMs: deps.settings.everyMs,
    round: (signal) => watchSettingsOnce(deps, signal),
    logger: deps.logger,
  });

/** One round over all servers in use. */
export const watchSettingsOnce = async (deps: SettingsWatchDeps, signal: AbortSignal): Promise<void> => {
  const { result } = await deps.queries.ask('ListServers', { active: 'all' }, { signal });
  const slots = new Semaphore(deps.settings.parallel);
  const inUse = result.items.filter(isInUse);
  await Promise.all(inUse.map((server) => slots.run(() => watchServer(deps, server, signal), signal)));
};

/** One server's fault is no reason not to look at the others. */
const watchServer = async (
  deps: SettingsWatchDeps,
  server: ServerView,
  signal: AbortSignal,
): Promise<void> => {
  try {
    const clients: ClientView[] = [];
    for await (const page of activeClients(deps.queries, { serverId: server.id }, signal)) {
      // An operation may have written what is not recorded yet.
      clients.push(...page.filter(({ runningOperationId }) => runningOperationId === null));
    }
    const { state } = await loadServer(deps.store, server.id);
    if (clients.length === 0 || state.status === 'absent') return;
    const cloud = deps.cloudServers.of(state.server);
    for (const clientId of await seemWrong(deps, cloud, server, clients, signal)) {
      await putRight(deps, clientId, signal);
    }
  } catch (error) {
    if (signal.aborted) throw error;
    log(deps, { serverId: server.id }, error);
  }
};

/** A cheap look by the read model, which may be a little behind: it only chooses whom to look at closely. */
const seemWrong = async (
  { timeZone }: SettingsWatchDeps,
  cloud: CloudServer,
  { domain }: ServerView,
  clients: readonly ClientView[],
  signal: AbortSignal,
): Promise<string[]> => {
  const expected = clients.map((view) => ({
    id: view.id,
    names: clientNames(view.slug, domain),
    settings: settingsOf({ ...view, cloudSettings: view }, timeZone),
  }));
  const wrong = await wrongColumns(cloud, expected, { signal });
  return expected.filter(({ names }) => wrong.has(names.database)).map(({ id }) => id);
};

const putRight = async (deps: SettingsWatchDeps, clientId: string, signal: AbortSignal): Promise<void> => {
  try {
    const state = await freeClient(deps.store, clientId);
    if (state === null) return;
    const columns = await wrongByEvents(deps, state, signal);
    if (columns.length === 0) return;
    // Whatever has begun while the database was asked may have written there. What begins from here on is looked at after its end, in the next round.
    if (!isDeepStrictEqual(await freeClient(deps.store, clientId), state)) return;
    const client = await loadClientOnServer(deps, clientId);
    await reconcileCloudSettings(deps, client, 'everything', { signal });
    const eventId = newId();
    await handleCommand(deps.store, {
      stream: streams.client(clientId),
      decider: clientDecider,
      command: { type: 'record_settings_mended', columns },
      cause: ownCause(),
      eventIds: () => eventId,
    });
    deps.logger.warn({ clientId, columns }, 'cloud settings differed and were put right');
  } catch (error) {
    if (signal.aborted) throw error;
    log(deps, { clientId }, error);
  }
};

/** The client, as long as no operation has it or is about to write what is recorded; else null. */
const freeClient = async (store: EventStore, clientId: string): Promise<ActiveClient | null> => {
  const { state } = await loadClient(store, clientId);
  if (state.status !== 'active' || state.operation !== null) return null;
  return (await isBeingWritten(store, clientId)) ? null : state;
};

const wrongByEvents = async (
  deps: SettingsWatchDeps,
  state: ActiveClient,
  signal: AbortSignal,
): Promise<SettingsColumn[]> => {
  const { cloud, names, redact } = await loadClientOnServer(deps, state.client.id);
  const settings = settingsOf({ ...state, ...state.client }, deps.timeZone);
  const wrong = await wrongColumns(cloud, [{ names, settings }], { redact, signal });
  return wrong.get(names.database) ?? [];
};

/** Changes that are recorded first and written by an operation of their own, beside any other one. */
const recordedFirst: ReadonlySet<string> = new Set<ClientEvent['type']>([
  'ClientExpireDateChanged',
  'ClientCloudSettingsChanged',
]);

const isBeingWritten = async (store: EventStore, clientId: string): Promise<boolean> => {
  const { events } = await store.read<ClientEvent>(streams.client(clientId));
  const newest = new Map<string, string>();
  for (const { type, data } of events) {
    if (recordedFirst.has(type) && 'operationId' in data && data.operationId !== null) {
      newest.set(type, data.operationId);
    }
  }
  for (const operationId of newest.values()) {
    const operation = await store.read<OperationEvent>(streams.operation(operationId));
    if (foldOperation(operation.events).status !== 'ended') return true;
  }
  return false;
};

/** A server that is away is nothing new: the availability of its clients tells of it. */
const log = ({ logger }: SettingsWatchDeps, of: Record<string, string>, error: unknown): void => {
  const isPassing =
    (isCloudServerError(error) || errorName(error) === 'StepFailure') &&
    (error as { kind: string }).kind === 'transient';
  logger[isPassing ? 'debug' : 'warn'](
    { ...of, reason: errorMessage(error) },
    'cloud settings not looked at',
  );
};
