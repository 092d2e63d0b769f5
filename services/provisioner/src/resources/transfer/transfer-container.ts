import { message } from '@alfa-cloud/contracts';
import type { StepIo } from '@alfa-cloud/operations';
import { isForClient, label } from '@alfa-cloud/servers';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { final, nameOccupied, transient } from '../../on-server/failures.ts';
import { serverNames } from '../../on-server/names.ts';
import { transferPlan } from '../../on-server/plans.ts';

/**
 * Makes the container in which the scripts of a transfer see the client's volume. The operation's own one is used again, with what earlier
 * passes have left in it, unless something still runs in it: then its worker has died.
 */
export const ensureTransferContainer = async (
  client: ClientOnServer,
  operationId: string,
  { signal }: Pick<StepIo, 'signal'>,
): Promise<void> => {
  const { cloud, names, server } = client;
  const { docker } = cloud;
  const clientId = client.client.id;
  const name = names.transferContainer;
  const volume = await docker.volume(names.volume, { signal });
  // Docker would make a missing volume without an error.
  if (volume === null) throw final('storage_missing', message`Volume ${names.volume} is not there`);
  if (!isForClient(clientId, volume.labels)) throw nameOccupied(message`Volume ${names.volume}`);
  const found = await docker.container(name, { signal });
  if (found !== null) {
    const isOwn = found.labels[label.operation] === operationId && found.status === 'running';
    if (isOwn && (await docker.runningCommands(name, { signal })).length === 0) return;
    await removeTransferContainer(client, { signal });
  }
  const database = await docker.container(serverNames.database, { signal });
  if (database === null) {
    throw transient(
      'database_unreachable',
      message`Container ${serverNames.database} of server ${server.name} is not there`,
    );
  }
  const origin = { serverId: server.id, clientId, operationId };
  const plan = transferPlan({ image: database.imageId, volume: names.volume, origin });
  await docker.createContainer(name, plan, { signal });
  await docker.startContainer(name, { signal });
};

/** Removes it with all that runs in it. No-op when it is absent. Whoever copies storage calls this on both sides in the end, and when it gives up. */
export const removeTransferContainer = async (
  { cloud, names, client }: ClientOnServer,
  { signal }: Pick<StepIo, 'signal'>,
): Promise<void> => {
  const name = names.transferContainer;
  const found = await cloud.docker.container(name, { signal });
  if (found === null) return;
  if (!isForClient(client.id, found.labels)) throw nameOccupied(message`Container ${name}`);
  await cloud.docker.removeContainer(name, { signal });
};
