import { isDeepStrictEqual } from 'node:util';
import type { CloudServer } from '@alfa-cloud/cloud-server';
import type { ClientView, ServerView } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { QuerySender } from '@alfa-cloud/messaging';
import type { Vault } from '@alfa-cloud/secrets';
import type { CloudServers } from '@alfa-cloud/servers';
import type { Logger } from '@alfa-cloud/service-kit';
import type { ActiveClient } from '../../domain/client.ts';
import { loadClientOnServer } from '../../on-server/client-on-server.ts';
import { clientNames } from '../../on-server/names.ts';
import type { CloudSettingsColumn } from '../../on-server/cloud-settings-sql.ts';
import { serversInUse } from '../../read-models/in-use.ts';
import { wrongColumns } from '../../resources/cloud-settings/cloud-settings.ts';
import { cloudSettingsOf } from '../../resources/cloud-settings/desired.ts';
import { reconcileCloudSettings } from '../../resources/cloud-settings/reconcile.ts';
import { loadClientsOfServer } from '../clients-of-server.ts';
import { recordOnClient } from '../record.ts';
import { createReconciler, type Reconciler } from '../reconciler.ts';
import { createWorkQueue } from '../work-queue.ts';
import { loadUnlessWritten } from './being-written.ts';

export interface CloudSettingsConfig {
  /** From the begin of a round to the begin of the next, ms: settings that differ are put right within two. */
  everyMs: number;
  /** Servers compared, and clients put right, at the same time. */
  parallel: number;
}

export interface CloudSettingsReconcilerDeps {
  store: EventStore;
  /** Zone in which a day ends; IANA name. */
  timeZone: string;
  queries: QuerySender;
  vault: Vault;
  cloudServers: CloudServers;
  logger: Logger;
  config: CloudSettingsConfig;
}

/**
 * Keeps the settings in every client's database as recorded, whoever has changed them. The databases of a server are compared by one command;
 * the clients that differ are then decided one by one.
 */
export const createCloudSettingsReconciler = (deps: CloudSettingsReconcilerDeps): Reconciler<ServerView> => {
  const { queries, config, logger } = deps;
  const reconciler = createReconciler<ServerView>({
    name: 'cloud settings',
    idName: 'serverId',
    ...config,
    async *choose(signal) {
      yield* await serversInUse(queries, signal);
    },
    async reconcile({ id }, signal) {
      const found = await loadClientsOfServer(deps, id, signal);
      if (found === null || found.isRebooting) return;
      const differing = await clientsThatDiffer(deps, found, signal);
      await Promise.all(differing.map((client) => clients.add(client)));
    },
    logger,
  });
  const clients = createWorkQueue<{ id: string }>({
    failure: 'cloud settings not reconciled',
    idName: 'clientId',
    parallel: config.parallel,
    work: ({ id }, signal) => reconcileClient(deps, id, signal),
    signal: reconciler.signal,
    logger,
  });
  return reconciler;
};

const clientsThatDiffer = async (
  { timeZone }: CloudSettingsReconcilerDeps,
  { cloud, server, clients }: { cloud: CloudServer; server: { domain: string }; clients: ClientView[] },
  signal: AbortSignal,
): Promise<{ id: string }[]> => {
  const expected = clients
    // An operation may have written what it will record at its end.
    .filter(({ runningOperationId }) => runningOperationId === null)
    .map((client) => ({
      id: client.id,
      names: clientNames(client.slug, server.domain),
      settings: cloudSettingsOf({ ...client, cloudSettings: client }, timeZone),
    }));
  if (expected.length === 0) return [];
  const wrong = await wrongColumns(cloud, expected, { signal });
  return expected.filter(({ names }) => wrong.has(names.database));
};

const reconcileClient = async (
  deps: CloudSettingsReconcilerDeps,
  id: string,
  signal: AbortSignal,
): Promise<void> => {
  const state = await loadUnlessWritten(deps.store, id);
  if (state === null) return;
  const columns = await wrongByEvents(deps, state, signal);
  if (columns.length === 0) return;
  // An operation that has begun during the comparison may have written. One that begins from here on is compared after its end, in the next round.
  if (!isDeepStrictEqual(await loadUnlessWritten(deps.store, id), state)) return;
  await reconcileCloudSettings(deps, await loadClientOnServer(deps, id), 'everything', { signal });
  await recordOnClient(deps.store, id, { type: 'record_settings_mended', columns });
  deps.logger.warn({ clientId: id, columns }, 'cloud settings differed and were put right');
};

const wrongByEvents = async (
  deps: CloudSettingsReconcilerDeps,
  state: ActiveClient,
  signal: AbortSignal,
): Promise<CloudSettingsColumn[]> => {
  const { cloud, names, redact } = await loadClientOnServer(deps, state.client.id);
  const settings = cloudSettingsOf({ ...state, ...state.client }, deps.timeZone);
  const wrong = await wrongColumns(cloud, [{ names, settings }], { redact, signal });
  return wrong.get(names.database) ?? [];
};
