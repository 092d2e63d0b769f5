import type { Step } from '@alfa-cloud/event-sourcing';
import { ensureContainer, removeContainerOf } from '../../on-server/ensure-container.ts';
import { final, serverStep } from '../../on-server/failures.ts';
import { clientPlan } from '../../on-server/plans.ts';
import type { ClientOnServer } from '../client-on-server.ts';
import type { ClientSettings } from '../client-settings.ts';
import { awaitSteadyRun } from './container-watch.ts';

/** The client's one container, made and started, and seen to stay up. */
export const containerStep = ({
  storagePath,
  steadyMs,
}: Pick<ClientSettings, 'storagePath' | 'steadyMs'>): Step<ClientOnServer> =>
  serverStep({
    name: 'container',
    deadlineMs: 120_000,
    async act({ cloud, client, names, origin, environment }, { signal }) {
      const image = await cloud.docker.image(client.image, { signal });
      if (image === null) {
        throw final('image_not_on_server', `Image ${client.image} is not (any more) on the server`);
      }
      const plan = clientPlan({
        image: client.image,
        imageUser: image.user,
        environment,
        limits: client.limits,
        volume: names.volume,
        storagePath,
        origin,
      });
      await ensureContainer(cloud, names.container, plan, origin, { signal });
      return `Container ${names.container} started from ${client.image}`;
    },
    verify: (client, { signal }) => awaitSteadyRun(client, steadyMs, signal),
    compensate: ({ cloud, names, origin }, { signal }) =>
      removeContainerOf(cloud, names.container, origin, { signal }),
  });
