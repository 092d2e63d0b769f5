import type { StepIo, StepWork } from '@alfa-cloud/operations';
import { imageInWords, serverStep } from '@alfa-cloud/servers';
import { errorMessage } from '@alfa-cloud/service-kit';
import type { ClientConfig } from '../../on-server/client-config.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { planOfClient, type WantedImage } from '../../resources/container/client-container.ts';
import { container } from '../../resources/container/container.ts';
import { bringImage, type BringImageDeps } from '../../resources/image/bring-image.ts';
import { keptImage } from '../../resources/image/kept-image.ts';
import { closeClient } from '../../resources/virtual-host/closing.ts';
import type { PageDeps } from '../../resources/virtual-host/expected-vhost.ts';
import { reconcileVirtualHost, removeVirtualHost } from '../../resources/virtual-host/virtual-host.ts';
import { awaitSteadyRun, containerInService } from '../steps/container-watch.ts';
import { awaitHealthy, healthSlackMs } from '../steps/healthy.ts';
import { imageStep } from '../steps/image.ts';
import { servedStep } from '../steps/served.ts';
import { at, type Moving } from './moving.ts';

const deadlineMs = 120_000;

/**
 * Brings the image that the client runs from to the new server, and the one that a rollback leads to where that can be had: without it the client
 * moves all the same.
 */
export const movedImageStep = (deps: BringImageDeps): StepWork<Moving> => {
  const bringing = imageStep(deps, ({ client, imageId }) => ({
    reference: client.image,
    ...(imageId === null ? {} : { imageId }),
  }));
  return {
    ...at('to', bringing),
    async act({ to }, io) {
      const said = await bringing.act(to, io);
      const kept = await keepPrevious(deps, to, io);
      return `${said ?? ''}${kept}`;
    },
  };
};

const keepPrevious = async (
  deps: BringImageDeps,
  { cloud, client, previousImage, server }: ClientOnServer,
  io: StepIo,
): Promise<string> => {
  if (previousImage === null) return '';
  const { reference, id } = previousImage;
  try {
    const { imageId } = await bringImage(deps, { reference, imageId: id, to: server }, io);
    await keptImage(cloud, client.slug).ensure(imageId, { signal: io.signal });
    return '. So is the one that a rollback leads to';
  } catch (error) {
    io.signal.throwIfAborted();
    return `. The one that a rollback leads to could not be brought: ${errorMessage(error)}`;
  }
};

/** By its id, or by its name where the new server gives images other ids. */
const imageThere = async (
  { cloud, client, imageId }: ClientOnServer,
  signal: AbortSignal,
): Promise<WantedImage> => {
  const isThere = imageId !== null && (await cloud.docker.image(imageId, { signal })) !== null;
  return { reference: client.image, id: isThere ? imageId : null };
};

/** The client's container on the new server, healthy before anybody is led there. */
export const startStep = (config: ClientConfig): StepWork<Moving> =>
  serverStep({
    cancellable: true,
    deadlineMs: config.steadyMs + config.healthMs + healthSlackMs,
    async act({ to }, { signal }) {
      const { cloud, names, containerOrigin: origin } = to;
      const image = await imageThere(to, signal);
      const { plan } = await planOfClient(to, { image, config, origin }, { signal });
      await container(cloud, names.container, origin).ensure(plan, { signal });
      return `Container ${names.container} started from ${imageInWords(to.client.image, plan.image)}`;
    },
    async verify({ to }, { signal }) {
      // Both at once: the client is closed meanwhile.
      await Promise.all([
        awaitSteadyRun(to, config.steadyMs, signal),
        awaitHealthy(to, containerInService(to), config.healthMs, signal),
      ]);
    },
    compensate: ({ to }, { signal }) =>
      container(to.cloud, to.names.container, to.containerOrigin).remove({ signal }),
  });

/**
 * The client's virtual host where it comes to, behind the maintenance page: nobody may change there what a failure takes away again.
 * @param take what becomes of it if the operation fails. Default: it is removed
 */
export const closedVhostStep = (
  pages: PageDeps,
  config: Pick<ClientConfig, 'reachableMs'>,
  take: (client: ClientOnServer, signal: AbortSignal) => Promise<string> = (client, signal) =>
    removeVirtualHost(client, { signal }),
): StepWork<ClientOnServer> => {
  const served = servedStep(config);
  return serverStep({
    deadlineMs: deadlineMs + served.deadlineMs,
    async act(client, { signal }) {
      await closeClient(client, { signal });
      const desired = { upstream: client.containerOrigin.operationId };
      await reconcileVirtualHost(pages, client, { desired, signal });
      return `${client.names.host} stands ready behind the maintenance page`;
    },
    verify: async (client, io) => void (await served.act(client, io)),
    compensate: (client, { signal }) => take(client, signal),
  });
};
