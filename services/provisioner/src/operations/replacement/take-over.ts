import { message, wordsOf } from '@alfa-cloud/contracts';
import { isCloudServerError, type ContainerState } from '@alfa-cloud/cloud-server';
import type { StepWork } from '@alfa-cloud/operations';
import { isForClient, isMadeBy } from '@alfa-cloud/servers';
import { loadClient } from '../../domain/load.ts';
import { environmentText } from '../../on-server/client-environment.ts';
import {
  clientNetworkName,
  networksOfClient,
  removeClientNetwork,
} from '../../resources/network/client-network.ts';
import { containerGone } from '../../on-server/container-gone.ts';
import { nameOccupied, transient } from '../../on-server/failures.ts';
import { keptImage } from '../../resources/image/kept-image.ts';
import { decideOnClient } from '../../domain/decide-on-client.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { PageDeps } from '../../resources/virtual-host/expected-vhost.ts';
import { inspectVirtualHost, reconcileVirtualHost } from '../../resources/virtual-host/virtual-host.ts';
import { untilLoaded } from './repoint.ts';
import {
  isRecorded,
  nextContainerStep,
  originOf,
  type Replacement,
  type ReplacementConfig,
} from './replacement.ts';

/** There is no way back, so an engine that is away is waited for: attempts of half an hour. */
const forwardAttempts = 60;

/**
 * Records the new container as the one that serves, and stops and removes the one that nobody is led to any more. From here on the
 * operation only goes forward; where it can't, the next operation on the client's container does ({@link finishReplacement}).
 */
export const retireStep = (
  pages: PageDeps,
  replacement: Replacement,
  config: ReplacementConfig,
): StepWork<ClientOnServer> =>
  nextContainerStep(replacement, config, {
    deadlineMs: 120_000 + config.reachableMs,
    attempts: forwardAttempts,
    pointOfNoReturn: true,
    async act(client, next, { signal }) {
      const { cloud, names } = client;
      const found = await cloud.docker.container(next.name, { signal });
      if (found === null || !isMadeBy(originOf(client, replacement), found.labels)) {
        throw containerGone(client, next.name);
      }
      await leadThere(pages, client, replacement, config, signal);
      await record(pages, client, replacement, found);
      await keepPreviousImage(pages, client, signal);
      if (next.name === names.container) return `Container ${names.container} is the new one already`;
      await removeFormer(client, signal);
      return `The former container ${names.container} is removed`;
    },
    async compensate(client, { signal }) {
      if (!(await isRecorded(pages.store, client, replacement))) return 'The former container serves';
      const { operationId } = replacement;
      const said = await finishReplacement(client, operationId, signal);
      await keepPreviousImage(pages, client, signal);
      return said ?? 'The new container is in its place';
    },
  });

/** Another replica may have written an older virtual host in between: nobody may be led to the container that goes. */
const leadThere = async (
  pages: PageDeps,
  client: ClientOnServer,
  { operationId }: Replacement,
  { reachableMs }: ReplacementConfig,
  signal: AbortSignal,
): Promise<void> => {
  if ((await inspectVirtualHost(client, { signal }))?.upstream === operationId) return;
  await reconcileVirtualHost(pages, client, { desired: { upstream: operationId }, signal });
  if (await untilLoaded(client, reachableMs, signal)) return;
  throw transient(
    'not_reachable',
    message`The proxy goes on answering by an older virtual host of ${client.address}`,
  );
};

const record = async (
  { store }: PageDeps,
  client: ClientOnServer,
  replacement: Replacement,
  { imageId }: ContainerState,
): Promise<void> => {
  const { operationId, cause } = replacement;
  const command = { type: 'record_fact', operationId, fact: replacement.fact(client, imageId) } as const;
  const clientId = client.client.id;
  await decideOnClient(store, { clientId, operationId, key: 'replaced', cause, command });
};

/** What a rollback leads to is used by no container soon. That is on the record now, and not in what the steps share. */
const keepPreviousImage = async (
  { store }: PageDeps,
  { cloud, client }: ClientOnServer,
  signal: AbortSignal,
): Promise<void> => {
  const { state } = await loadClient(store, client.id);
  if (state.status !== 'active' || state.previousImage === null) return;
  await keptImage(cloud, client.slug).ensure(state.previousImage.id, { signal });
};

/** The new container gets the name of the one in service, and its variables the file. The proxy knows it by its alias, so visitors notice nothing. */
export const renameStep = (replacement: Replacement, config: ReplacementConfig): StepWork<ClientOnServer> =>
  nextContainerStep(replacement, config, {
    deadlineMs: 120_000,
    attempts: forwardAttempts,
    async act(client, _next, { signal }) {
      await finishReplacement(client, replacement.operationId, signal);
      await writeVariables(client, signal);
      await removeFormerNetworks(client, config, signal);
      return `Container ${client.names.container} is the new one`;
    },
  });

/** A network of the other kind, from before the way out was allowed or forbidden. */
const removeFormerNetworks = async (
  { cloud, client, names }: ClientOnServer,
  { network }: Pick<ReplacementConfig, 'network'>,
  signal: AbortSignal,
): Promise<void> => {
  for (const name of await networksOfClient(cloud, client.id, { signal })) {
    if (name !== clientNetworkName(names, network)) await removeClientNetwork(cloud, name, { signal });
  }
};

const writeVariables = async (
  { cloud, names, environment }: ClientOnServer,
  signal: AbortSignal,
): Promise<void> => {
  const text = environmentText(environment);
  await cloud.files.writeAtomic(names.environmentFile, text, { signal, mode: 0o600 });
  await cloud.files.removeFile(names.nextEnvironmentFile, { signal });
};

/**
 * Gives the container that serves its name, and removes the former one, where the operation that replaced it could not; null when there was
 * nothing to do. Only containers of this client are touched. Safe to repeat.
 * @param operationId the recorded one, whose container serves
 */
export const finishReplacement = async (
  client: ClientOnServer,
  operationId: string,
  signal: AbortSignal,
): Promise<string | null> => {
  const { cloud, names } = client;
  const next = await cloud.docker.container(names.nextContainer, { signal });
  if (next === null || !isMadeBy(originOf(client, { operationId }), next.labels)) return null;
  await removeFormer(client, signal);
  try {
    await cloud.docker.renameContainer(names.nextContainer, names.container, { signal });
  } catch (error) {
    // An attempt that was cut off may have got through after all: the next look tells.
    if (!isCloudServerError(error) || error.code !== 'not_found') throw error;
    throw transient('container_gone', wordsOf(error));
  }
  return `Container ${names.nextContainer} serves and has got the name ${names.container}`;
};

const removeFormer = async ({ cloud, names, client }: ClientOnServer, signal: AbortSignal): Promise<void> => {
  const former = await cloud.docker.container(names.container, { signal });
  if (former === null) return;
  if (!isForClient(client.id, former.labels)) throw nameOccupied(message`Container ${names.container}`);
  await cloud.docker.stopContainer(names.container, { signal });
  await cloud.docker.removeContainer(names.container, { signal });
};
