import {
  type DataOf,
  deleteClient as operation,
  message,
  messageInWords,
  reject,
} from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { Execution, StepIo, StepWork } from '@alfa-cloud/operations';
import { serverStep } from '@alfa-cloud/servers';
import { loadClient } from '../../domain/load.ts';
import { final } from '../../on-server/failures.ts';
import { release } from '../../domain/reservations.ts';
import { releaseFormerAliases } from '../../domain/aliases.ts';
import { backupIdOf, backupStep } from '../steps/backup.ts';
import { closeStep, dataLost } from '../steps/maintenance.ts';
import { removalSteps } from '../steps/removal.ts';
import { clientOperation } from '../common/client-operation.ts';
import type { OperationsDeps } from '../common/module.ts';
import { loadClientOnServer, type ClientOnServer } from '../../on-server/client-on-server.ts';
import { clientDatabase } from '../../resources/database/client-database.ts';

type Delete = Execution<DataOf<typeof operation>>;

const formerMs = 300_000;

/**
 * Removes all that is a client's own from its server, and at last its key, without which nobody reads its personal data and secrets again. Only
 * the final backup stays, for its time. Each step takes away what is there and is the client's, so that a repeated deletion finishes a half-done one.
 */
export const deleteClient = clientOperation(operation, (deps) => ({
  async admit({ confirm }, { client }) {
    if (confirm === client.slug) return;
    const detail = message`The client and its data will be gone. Send confirm=${client.slug} if that is meant`;
    throw reject('confirmation_required', detail, { parameter: 'confirm' });
  },
  steps: (execution) => ({
    page: closeStep(deps, deps.config, execution, dataLost('vhost')),
    backup: backupStep(deps, execution, {
      kind: 'final',
      withStorage: true,
      mayDoWithout: true,
      skip: (client, io) => whyNotBackedUp(deps.store, client, execution, io),
    }),
    ...onlyForwards(deps),
  }),
  async outcome({ client }, { data, operationId, cause }) {
    const { id, slug } = client;
    await release(deps.store, { scope: 'slug', name: slug, holderId: id }, cause);
    const isThere = await hasBackup(deps.store, id, (backup) => backup.operationId === operationId);
    return {
      fact: { type: 'ClientDeleted', data: {} },
      ...(isThere ? { result: { backupId: backupIdOf(operationId) } } : {}),
      ...(data.withoutBackup === true ? { result: { lost } } : {}),
    };
  },
  async afterEnd({ data: { clientId }, cause }, status) {
    if (status !== 'ok') return;
    const { state } = await loadClient(deps.store, clientId);
    if (state.status === 'deleted') {
      const servers = [state.client.serverId, ...(state.heldOn === null ? [] : [state.heldOn])];
      for (const serverId of servers) await deps.places.freePlace({ serverId, clientId }, cause);
    }
    await releaseFormerAliases(deps.store, clientId, cause);
    await deps.vault.destroyKey(`client.${clientId}`);
  },
}));

const onlyForwards = (deps: OperationsDeps) => {
  const { vhost, containers, volume, database, check } = removalSteps(deps.store);
  return {
    vhost: { ...vhost, pointOfNoReturn: true as const },
    containers,
    volume,
    database,
    former: formerStep(deps),
    check,
  };
};

/** Removes what the server that it has left keeps of it. */
const formerStep = (deps: OperationsDeps): StepWork<ClientOnServer> =>
  serverStep({
    deadlineMs: formerMs,
    skip: ({ held }) => held === null,
    async act({ client, held }, io) {
      if (held === null) return 'No other server keeps anything of the client';
      const former = await loadClientOnServer(deps, client.id, held.serverId);
      for (const step of Object.values(removalSteps(deps.store))) await step.act(former, io);
      return `Nothing of the client is left on server ${former.server.name}`;
    },
  });

const hasBackup = async (
  store: EventStore,
  clientId: string,
  is: (backup: { kind: string; operationId: string }) => boolean,
): Promise<boolean> => {
  const { state } = await loadClient(store, clientId);
  return (state.status === 'active' || state.status === 'deleted') && state.backups.some(is);
};

const lost = messageInWords(
  'en',
  message`No final backup was wanted: what the client had is gone for good, but for earlier backups`,
);

const whyNotBackedUp = async (
  store: EventStore,
  client: ClientOnServer,
  { data }: Delete,
  { signal }: Pick<StepIo, 'signal'>,
): Promise<string | null> => {
  const { cloud, names } = client;
  const { id } = client.client;
  if (data.withoutBackup === true) return lost;
  const { state } = await loadClient(store, id);
  if (state.status !== 'active') return 'The client was never in use: there is nothing to back up';
  const container = await cloud.docker.container(names.container, { signal });
  // Its data go after its container, and without that nobody changes them.
  if (container === null && (await hasBackup(store, id, ({ kind }) => kind === 'final'))) {
    return 'An earlier deletion has made the final backup';
  }
  if ((await clientDatabase(client).inspect({ signal })).database !== 'own') {
    throw final(
      'database_missing',
      message`There is no database ${names.database} to back up. Send withoutBackup=true to delete the client all the same`,
    );
  }
  return null;
};
