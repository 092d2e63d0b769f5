import {
  type DataOf,
  deleteClient as operation,
  message,
  messageInWords,
  reject,
} from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { Execution, StepIo, StepWork } from '@alfa-cloud/operations';
import { loadClient } from '../../domain/load.ts';
import { networksOfClient, removeClientNetwork } from '../../resources/network/client-network.ts';
import { final, transient } from '../../on-server/failures.ts';
import { serverStep } from '../steps/server-step.ts';
import { keptImage, keptImageName } from '../../resources/image/kept-image.ts';
import { isForClient } from '../../on-server/labels.ts';
import { ownedDirectory } from '../../resources/directory/owned-directory.ts';
import { reloadProxy } from '../../resources/proxy/change-queue.ts';
import { holderOf, release } from '../../domain/reservations.ts';
import { releaseFormerAliases } from '../../domain/aliases.ts';
import { backupIdOf, backupStep } from '../steps/backup.ts';
import { removeEmptyBackups } from '../../resources/backup/backup-files.ts';
import { closeStep } from '../steps/maintenance.ts';
import { clientOperation } from '../common/client-operation.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { clientDatabase } from '../../resources/database/client-database.ts';

type Delete = Execution<DataOf<typeof operation>>;

const deadlineMs = 120_000;

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
    page: closeStep(deps, deps.config, execution, 'vhost'),
    backup: backupStep(deps, execution, {
      kind: 'final',
      withStorage: true,
      mayDoWithout: true,
      skip: (client, io) => whyNotBackedUp(deps.store, client, execution, io),
    }),
    vhost: { ...vhostStep, pointOfNoReturn: true },
    containers: containersStep,
    volume: volumeStep,
    database: databaseStep(deps.store),
    check: checkStep,
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
      await deps.places.freePlace({ serverId: state.client.serverId, clientId }, cause);
    }
    await releaseFormerAliases(deps.store, clientId, cause);
    await deps.vault.destroyKey(`client.${clientId}`);
  },
}));

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

/** The directory goes as a whole: without its owner file nobody writes a virtual host into it again. */
const vhostStep: StepWork<ClientOnServer> = serverStep({
  deadlineMs,
  async act({ cloud, names, directory }, { signal }) {
    const said = await ownedDirectory(cloud, directory).remove({ signal });
    await reloadProxy(cloud, { signal });
    return `${said}; ${names.host} leads nowhere`;
  },
});

const containersStep: StepWork<ClientOnServer> = serverStep({
  deadlineMs,
  async act({ cloud, client }, { signal }) {
    const { containers } = await cloud.docker.inventory({ signal });
    const own = containers.filter(({ labels }) => isForClient(client.id, labels)).map(({ name }) => name);
    for (const name of own) await cloud.docker.removeContainer(name, { signal });
    const networks = await networksOfClient(cloud, client.id, { signal });
    for (const name of networks) await removeClientNetwork(cloud, name, { signal });
    const removed = [...own, ...networks.map((name) => `network ${name}`)];
    const kept = await keptImage(cloud, client.slug).remove({ signal });
    return `${removed.length === 0 ? 'There was no container' : `Removed: ${removed.join(', ')}`}. ${kept}`;
  },
});

const volumeStep: StepWork<ClientOnServer> = serverStep({
  deadlineMs,
  async act({ cloud, client }, { signal }) {
    const { volumes } = await cloud.docker.inventory({ signal });
    const own = volumes.filter(({ labels }) => isForClient(client.id, labels)).map(({ name }) => name);
    for (const name of own) await cloud.docker.removeVolume(name, { signal });
    return own.length === 0 ? 'There was no volume' : `Removed: ${own.join(', ')}`;
  },
});

const databaseStep = (store: EventStore): StepWork<ClientOnServer> =>
  serverStep({
    deadlineMs,
    async act(client, { signal }) {
      const { id, slug } = client.client;
      const database = clientDatabase(client);
      const isAbsent = (await database.inspect({ signal })).database === 'absent';
      // Without a database nothing says whose the account is, but who holds the slug holds its names.
      if (!isAbsent || (await holderOf(store, { scope: 'slug', name: slug })) !== id) {
        return database.remove({ signal });
      }
      await database.drop({ signal });
      return `There was no database ${client.names.database}; its account is gone`;
    },
  });

/** Looks at the server as a whole, since what was made under another name would stay unseen. */
const checkStep: StepWork<ClientOnServer> = serverStep({
  deadlineMs,
  async act(client, { signal }) {
    const { cloud, names, directory } = client;
    const { id } = client.client;
    const { containers, volumes, networks } = await cloud.docker.inventory({ signal });
    const owner = await cloud.files.read(directory.ownerFile, { signal });
    const { slug } = client.client;
    const kept = await keptImage(cloud, slug).inspect({ signal });
    const { database } = await clientDatabase(client).inspect({ signal });
    const left = [
      ...(kept === null ? [] : [`image name ${keptImageName(slug)}`]),
      ...[...containers, ...volumes, ...networks]
        .filter(({ labels }) => isForClient(id, labels))
        .map(({ name }) => name),
      ...(database === 'own' ? [`database ${names.database}`] : []),
      ...(owner?.includes(id) === true ? [`directory ${names.directory}`] : []),
    ];
    await removeEmptyBackups(cloud, id, { signal });
    if (left.length > 0) throw transient('leftovers', message`Still on the server: ${left.join(', ')}`);
    return 'Nothing of the client is left but its backups';
  },
});
