import type { ContainerSpec, ImageFacts } from '@alfa-cloud/cloud-server';
import type { Step } from '@alfa-cloud/operations';
import { inWords } from '../../resources/image/client-image.ts';
import { clientNetworkName } from '../../resources/network/client-network.ts';
import { ensureContainer, removeContainerOf } from '../../resources/container/container.ts';
import { final, serverStep } from '../../on-server/failures.ts';
import type { Origin } from '../../on-server/labels.ts';
import { clientPlan } from '../../on-server/plans.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { ClientSettings } from '../../on-server/client-settings.ts';
import { awaitSteadyRun } from './container-watch.ts';

/** What a container is to be made from. */
export interface WantedImage {
  reference: string;
  /** Exactly this image, whatever the reference means by now; null: what it means now. */
  id: string | null;
}

/** What the client runs from by its record. A new container of the same image is made from exactly this one, also when its name was given to another. */
export const recordedImage = ({ client, imageId }: ClientOnServer): WantedImage => ({
  reference: client.image,
  id: imageId,
});

export type PlanSettings = Pick<ClientSettings, 'storagePath' | 'network'>;

/** How a container of the client is made, and its image. Fails with `image_not_on_server` without its image. */
export const planOfClient = async (
  { cloud, client, names, environment }: ClientOnServer,
  { image, settings, origin }: { image: WantedImage; settings: PlanSettings; origin: Origin },
  signal: AbortSignal,
): Promise<{ plan: ContainerSpec; facts: ImageFacts }> => {
  const { reference, id } = image;
  const facts = await cloud.docker.image(id ?? reference, { signal });
  if (facts === null) {
    const hint = id === null ? '' : ': bring exactly this one back, or switch the client to another one';
    const which = id === null ? reference : inWords(reference, id);
    throw final('image_not_on_server', `Image ${which} is not (any more) on the server${hint}`);
  }
  const plan = clientPlan({
    imageId: facts.id,
    imageReference: reference,
    imageUser: facts.user,
    environment,
    limits: client.limits,
    volume: names.volume,
    storagePath: settings.storagePath,
    network: clientNetworkName(names, settings.network),
    origin,
  });
  return { plan, facts };
};

/** The client's one container, made and started, and seen to stay up. */
export const containerStep = (
  settings: PlanSettings & Pick<ClientSettings, 'steadyMs'>,
): Step<ClientOnServer> =>
  serverStep({
    name: 'container',
    deadlineMs: 120_000,
    async act(created, { signal }) {
      const { cloud, client, names, origin } = created;
      const image = { reference: client.image, id: null };
      const { plan } = await planOfClient(created, { image, settings, origin }, signal);
      await ensureContainer(cloud, names.container, plan, origin, { signal });
      return `Container ${names.container} started from ${inWords(client.image, plan.image)}`;
    },
    verify: (client, { signal }) => awaitSteadyRun(client, settings.steadyMs, signal),
    compensate: ({ cloud, names, origin }, { signal }) =>
      removeContainerOf(cloud, names.container, origin, { signal }),
  });
