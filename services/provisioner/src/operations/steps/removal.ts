import { message } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { StepWork } from '@alfa-cloud/operations';
import { isForClient, serverStep } from '@alfa-cloud/servers';
import { networksOfClient, removeClientNetwork } from '../../resources/network/client-network.ts';
import { transient } from '../../on-server/failures.ts';
import { keptImage, keptImageName } from '../../resources/image/kept-image.ts';
import { ownedDirectory } from '../../resources/directory/owned-directory.ts';
import { reloadProxy } from '../../resources/proxy/change-queue.ts';
import { holderOf } from '../../domain/reservations.ts';
import { removeEmptyBackups } from '../../resources/backup/backup-files.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { clientDatabase } from '../../resources/database/client-database.ts';

const deadlineMs = 120_000;

/** Steps that remove from a server all that is a client's own, but its backups. Each takes away what is there and is the client's. */
export const removalSteps = (store: EventStore) => ({
  vhost: vhostStep,
  containers: containersStep,
  volume: volumeStep,
  database: databaseStep(store),
  check: checkStep,
});

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
