import { message } from '@alfa-cloud/contracts';
import type { CallOptions, ContainerSpec, ImageFacts } from '@alfa-cloud/cloud-server';
import { imageInWords, type Origin } from '@alfa-cloud/servers';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { ClientConfig } from '../../on-server/client-config.ts';
import { final } from '../../on-server/failures.ts';
import { clientPlan } from '../../on-server/plans.ts';
import { clientNetworkName } from '../network/client-network.ts';
import type { Resource } from '../resource.ts';
import { container } from './container.ts';

/** What a container is to be made from. */
export interface WantedImage {
  reference: string;
  /** Exactly this image, whatever the reference means by now; null: what it means now. */
  id: string | null;
}

/** The image that the client runs from by its record, also when its name now means another one. */
export const recordedImage = ({ client, imageId }: ClientOnServer): WantedImage => ({
  reference: client.image,
  id: imageId,
});

export type PlanConfig = Pick<ClientConfig, 'storagePath' | 'network'>;

/** The plan of a container of the client, and its image. Final failure `image_not_on_server` without the image. */
export const planOfClient = async (
  { cloud, client, names, environment }: ClientOnServer,
  { image, config, origin }: { image: WantedImage; config: PlanConfig; origin: Origin },
  options: CallOptions,
): Promise<{ plan: ContainerSpec; facts: ImageFacts }> => {
  const { reference, id } = image;
  const facts = await cloud.docker.image(id ?? reference, options);
  if (facts === null) {
    const words =
      id === null
        ? message`Image ${reference} is not (any more) on the server`
        : message`Image ${imageInWords(reference, id)} is not (any more) on the server: bring exactly this one back, or switch the client to another one`;
    throw final('image_not_on_server', words);
  }
  const plan = clientPlan({
    imageId: facts.id,
    imageReference: reference,
    imageUser: facts.user,
    environment,
    limits: client.limits,
    volume: names.volume,
    storagePath: config.storagePath,
    network: clientNetworkName(names, config.network),
    origin,
  });
  return { plan, facts };
};

/**
 * The client's first container, as its creation makes it.
 * @param image default: what the name asked for means now
 */
export const clientContainer = (
  client: ClientOnServer,
  config: PlanConfig,
  image: WantedImage = { reference: client.client.image, id: null },
): Omit<Resource, 'inspect'> => {
  const { cloud, names, origin } = client;
  const own = container(cloud, names.container, origin);
  return {
    async ensure(options) {
      const { plan } = await planOfClient(client, { image, config, origin }, options);
      await own.ensure(plan, options);
      return `Container ${names.container} started from ${imageInWords(image.reference, plan.image)}`;
    },
    remove: (options) => own.remove(options),
  };
};
