import type { ContainerSpec } from '@alfa-cloud/cloud-server';
import type { Step } from '@alfa-cloud/event-sourcing';
import { inWords } from '../../on-server/client-image.ts';
import { ensureContainer, removeContainerOf } from '../../on-server/ensure-container.ts';
import { final, serverStep } from '../../on-server/failures.ts';
import type { Origin } from '../../on-server/labels.ts';
import { clientPlan } from '../../on-server/plans.ts';
import type { ClientOnServer } from '../client-on-server.ts';
import type { ClientSettings } from '../client-settings.ts';
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

/** How a container of the client is made. Fails with `image_not_on_server` without its image. */
export const planOfClient = async (
  { cloud, client, names, environment }: ClientOnServer,
  { image, storagePath, origin }: { image: WantedImage; storagePath: string; origin: Origin },
  signal: AbortSignal,
): Promise<ContainerSpec> => {
  const { reference, id } = image;
  const facts = await cloud.docker.image(id ?? reference, { signal });
  if (facts === null) {
    const hint = id === null ? '' : ': bring exactly this one back, or switch the client to another one';
    const which = id === null ? reference : inWords(reference, id);
    throw final('image_not_on_server', `Image ${which} is not (any more) on the server${hint}`);
  }
  return clientPlan({
    imageId: facts.id,
    imageReference: reference,
    imageUser: facts.user,
    environment,
    limits: client.limits,
    volume: names.volume,
    storagePath,
    origin,
  });
};

/** The client's one container, made and started, and seen to stay up. */
export const containerStep = ({
  storagePath,
  steadyMs,
}: Pick<ClientSettings, 'storagePath' | 'steadyMs'>): Step<ClientOnServer> =>
  serverStep({
    name: 'container',
    deadlineMs: 120_000,
    async act(created, { signal }) {
      const { cloud, client, names, origin } = created;
      const image = { reference: client.image, id: null };
      const plan = await planOfClient(created, { image, storagePath, origin }, signal);
      await ensureContainer(cloud, names.container, plan, origin, { signal });
      return `Container ${names.container} started from ${inWords(client.image, plan.image)}`;
    },
    verify: (client, { signal }) => awaitSteadyRun(client, steadyMs, signal),
    compensate: ({ cloud, names, origin }, { signal }) =>
      removeContainerOf(cloud, names.container, origin, { signal }),
  });
