import { isCloudServerError, type ImageFacts } from '@alfa-cloud/cloud-server';
import { message, reject, wordsOf } from '@alfa-cloud/contracts';
import type { Execution } from '@alfa-cloud/operations';
import type { ClientFact } from '../../domain/client.ts';
import type { ActiveClient } from '../../domain/client-state.ts';
import { loadClient, loadServer } from '../../domain/load.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { clientImageOn } from '../../resources/image/client-image.ts';
import type { Outcome } from '../common/client-operation.ts';
import type { OperationsDeps } from '../common/module.ts';
import type { WantedImage } from '../../resources/container/client-container.ts';
import { replaceSteps } from './replace-container.ts';

/** What the reference means on the client's server. @throws Rejection when the image is not on the client's server, is no client application, or nobody can tell */
export const admitImage = async (
  { store, cloudServers }: Pick<OperationsDeps, 'store' | 'cloudServers'>,
  { client }: Pick<ActiveClient, 'client'>,
  reference: string,
  source: { parameter?: string },
  name = reference,
): Promise<ImageFacts> => {
  const { state } = await loadServer(store, client.serverId);
  if (state.status === 'absent') throw new Error(`Server ${client.serverId} does not exist`);
  const { server } = state;
  const options = { deadlineMs: 5000 };
  const image = await clientImageOn(cloudServers.of(server), reference, options).catch((error: unknown) => {
    if (!isCloudServerError(error)) throw error;
    const detail = message`Server ${server.name} could not be asked for its images: ${wordsOf(error)}`;
    throw reject('server_unreachable', detail, source);
  });
  if (image === 'absent') {
    throw reject('image_not_on_server', message`Image ${name} is not on server ${server.name}`, source);
  }
  if (image === 'other') {
    throw reject('image_not_on_server', message`Image ${name} is not a client application`, source);
  }
  return image;
};

/** Replaces the container by one of another image. The fact is recorded as soon as there is no way back. */
export const byOtherImage = <Data>(
  deps: OperationsDeps,
  imageOf: (client: ClientOnServer, data: Data) => WantedImage,
) => ({
  steps: ({ operationId, cause, data }: Execution<Data>) =>
    replaceSteps(deps, {
      operationId,
      cause,
      imageOf: (client) => imageOf(client, data),
      always: true,
      vhostAnyway: true,
      fact: (client, imageId) => switchFact(client, imageOf(client, data).reference, imageId),
    }),
  outcome: (client: ClientOnServer) => switched(deps, client),
});

const switched = async (
  { store }: Pick<OperationsDeps, 'store'>,
  { client }: ClientOnServer,
): Promise<Outcome> => {
  const { state } = await loadClient(store, client.id);
  if (state.status !== 'active') throw new Error(`Client ${client.id} is ${state.status}`);
  const { imageId, previousImage } = state;
  return { fact: null, result: { image: state.client.image, imageId, previousImage } };
};

const switchFact = (
  { client, imageId: fromImageId }: ClientOnServer,
  to: string,
  imageId: string,
): ClientFact => ({
  type: 'ClientImageSwitched',
  data: { from: client.image, to, imageId, ...(fromImageId === null ? {} : { fromImageId }) },
});
