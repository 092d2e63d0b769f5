import type { ContainerSpec } from '@alfa-cloud/cloud-server';
import type { Step } from '@alfa-cloud/event-sourcing';
import { ensureContainer, removeContainerOf } from '../../on-server/ensure-container.ts';
import { final, serverStep } from '../../on-server/failures.ts';
import type { Origin } from '../../on-server/labels.ts';
import { clientPlan } from '../../on-server/plans.ts';
import type { ClientOnServer } from '../client-on-server.ts';
import type { ClientSettings } from '../client-settings.ts';
import { awaitSteadyRun } from './container-watch.ts';

/** How a container of the client is made. Fails with `image_not_on_server` without its image. */
export const planOfClient = async (
  { cloud, client, names, environment }: ClientOnServer,
  { image, storagePath, origin }: { image: string; storagePath: string; origin: Origin },
  signal: AbortSignal,
): Promise<ContainerSpec> => {
  const facts = await cloud.docker.image(image, { signal });
  if (facts === null) throw final('image_not_on_server', `Image ${image} is not (any more) on the server`);
  return clientPlan({
    image,
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
      const plan = await planOfClient(created, { image: client.image, storagePath, origin }, signal);
      await ensureContainer(cloud, names.container, plan, origin, { signal });
      return `Container ${names.container} started from ${client.image}`;
    },
    verify: (client, { signal }) => awaitSteadyRun(client, steadyMs, signal),
    compensate: ({ cloud, names, origin }, { signal }) =>
      removeContainerOf(cloud, names.container, origin, { signal }),
  });
