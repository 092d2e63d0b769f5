import { message } from '@alfa-cloud/contracts';
import type { StepWork } from '@alfa-cloud/operations';
import type { ClientConfig } from '../../on-server/client-config.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { final } from '../../on-server/failures.ts';
import { planOfClient, type WantedImage } from '../../resources/container/client-container.ts';
import { container } from '../../resources/container/container.ts';
import { inWords } from '../../resources/image/client-image.ts';
import { closeClient } from '../../resources/virtual-host/closing.ts';
import type { PageDeps } from '../../resources/virtual-host/expected-vhost.ts';
import { reconcileVirtualHost, removeVirtualHost } from '../../resources/virtual-host/virtual-host.ts';
import { awaitSteadyRun, containerInService } from '../steps/container-watch.ts';
import { awaitHealthy, healthSlackMs } from '../steps/healthy.ts';
import { servedStep } from '../steps/served.ts';
import { serverStep } from '../steps/server-step.ts';
import type { Moving } from './moving.ts';

const deadlineMs = 120_000;

/** The image that the client runs from, as it is to be on the new server. Final failure `image_not_on_server`. */
export const imageStep: StepWork<Moving> = serverStep({
  deadlineMs,
  async act({ from, to }, { signal }) {
    const { reference, id } = wantedImage(from);
    const found = await to.cloud.docker.image(id ?? reference, { signal });
    if (found === null) {
      const words = message`Image ${inWords(reference, id ?? '')} is not on server ${to.server.name}`;
      throw final('image_not_on_server', words);
    }
    return `Image ${inWords(reference, found.id)} is on server ${to.server.name}`;
  },
});

const wantedImage = ({ client, imageId }: ClientOnServer): WantedImage => ({
  reference: client.image,
  id: imageId,
});

/** The client's container on the new server, healthy before anybody is led there. */
export const startStep = (config: ClientConfig): StepWork<Moving> =>
  serverStep({
    cancellable: true,
    deadlineMs: config.steadyMs + config.healthMs + healthSlackMs,
    async act({ from, to }, { signal }) {
      const { cloud, names, containerOrigin: origin } = to;
      const { plan } = await planOfClient(to, { image: wantedImage(from), config, origin }, { signal });
      await container(cloud, names.container, origin).ensure(plan, { signal });
      return `Container ${names.container} started from ${inWords(from.client.image, plan.image)}`;
    },
    async verify({ to }, { signal }) {
      await awaitSteadyRun(to, config.steadyMs, signal);
      await awaitHealthy(to, containerInService(to), config.healthMs, signal);
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
