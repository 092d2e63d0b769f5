import { isCloudServerError, type ImageFacts } from '@alfa-cloud/cloud-server';
import { message, reject, wordsOf } from '@alfa-cloud/contracts';
import type { Execution } from '@alfa-cloud/operations';
import { imageInWords, loadServer } from '@alfa-cloud/servers';
import type { ClientFact } from '../../domain/client.ts';
import type { ActiveClient } from '../../domain/client-state.ts';
import { loadClient } from '../../domain/load.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { clientImageOn } from '../../resources/image/client-image.ts';
import {
  findImage,
  nowhere,
  type FindImageDeps,
  type SoughtImage,
} from '../../resources/image/find-image.ts';
import { imageStep } from '../steps/image.ts';
import type { Outcome } from '../common/client-operation.ts';
import type { OperationsDeps } from '../common/module.ts';
import type { WantedImage } from '../../resources/container/client-container.ts';
import { replaceSteps } from './replace-container.ts';

/**
 * What the image means on the client's server, or will mean once it is brought there; null: only its registry knows.
 * @throws Rejection when nobody has it, it is no client application, or nobody can tell
 */
export const admitImage = async (
  deps: FindImageDeps,
  { client }: Pick<ActiveClient, 'client'>,
  wanted: SoughtImage,
  source: { parameter?: string },
): Promise<ImageFacts | null> => {
  const { store, cloudServers } = deps;
  const { reference, imageId } = wanted;
  const name = imageId === undefined ? reference : imageInWords(reference, imageId);
  const { state } = await loadServer(store, client.serverId);
  if (state.status === 'absent') throw new Error(`Server ${client.serverId} does not exist`);
  const { server } = state;
  const options = { deadlineMs: 5000 };
  const image = await clientImageOn(cloudServers.of(server), imageId ?? reference, options).catch(
    (error: unknown) => {
      if (!isCloudServerError(error)) throw error;
      const detail = message`Server ${server.name} could not be asked for its images: ${wordsOf(error)}`;
      throw reject('server_unreachable', detail, source);
    },
  );
  if (image === 'absent') {
    const found = await findImage(deps, wanted, { to: server });
    const [elsewhere] = found.sources;
    if (elsewhere !== undefined || found.inRegistry) return elsewhere?.image ?? null;
    throw reject('image_not_on_server', nowhere({ name, reference, server: server.name }, found), source);
  }
  if (image === 'other') {
    throw reject('image_not_on_server', message`Image ${name} is not a client application`, source);
  }
  return image;
};

/** Replaces the container by one of another image, which is brought to the server if it is not there. The fact is recorded as soon as there is no way back. */
export const byOtherImage = <Data>(
  deps: OperationsDeps,
  imageOf: (client: ClientOnServer, data: Data) => WantedImage,
  /** What is to be on the server. Default: the same by its name. */
  soughtOf: (client: ClientOnServer, data: Data) => SoughtImage = (client, data) => ({
    reference: imageOf(client, data).reference,
  }),
) => ({
  steps: ({ operationId, cause, data }: Execution<Data>) => ({
    image: imageStep(deps, (client) => soughtOf(client, data)),
    ...replaceSteps(deps, {
      operationId,
      cause,
      imageOf: (client) => imageOf(client, data),
      always: true,
      vhostAnyway: true,
      fact: (client, imageId) => switchFact(client, imageOf(client, data).reference, imageId),
    }),
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
