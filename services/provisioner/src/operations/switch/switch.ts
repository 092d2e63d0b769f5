import { isCloudServerError, type ImageFacts } from '@alfa-cloud/cloud-server';
import { reject, type CommandData } from '@alfa-cloud/contracts';
import type { CloudServers } from '../../on-server/cloud-servers.ts';
import { loadClient, loadServer } from '../../domain/load.ts';
import { clientImageOn, inWords } from '../../resources/image/client-image.ts';
import type { ClientFact } from '../../domain/client.ts';
import type { ClientAction, Outcome } from '../common/client-operation.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { ActiveClient } from '../../domain/client-state.ts';
import type { PageDeps } from '../../resources/virtual-host/expected-vhost.ts';
import { replaceSteps } from '../replacement/replace-container.ts';
import type { ReplaceSettings } from '../replacement/replacement.ts';

/** What a switch needs besides its command. */
export interface SwitchDeps {
  pages: PageDeps;
  cloudServers: CloudServers;
  settings: ReplaceSettings;
}

/** Runs the client from another image. The database is left as it is: migrating it is an operation of its own. */
export const switchImage = ({
  pages,
  cloudServers,
  settings,
}: SwitchDeps): ClientAction<CommandData<'SwitchImage'>> => ({
  kind: 'client.switch',
  async admit({ targetImage }, state) {
    const parameter = 'targetImage';
    const { id } = await admitImage({ pages, cloudServers }, state, targetImage, { parameter });
    const isSame = state.status === 'active' && state.client.image === targetImage && state.imageId === id;
    if (isSame) {
      const detail = `The client runs from ${inWords(targetImage, id)} already`;
      throw reject('image_in_use', detail, { parameter });
    }
  },
  steps: ({ data: { targetImage }, operationId, cause }) =>
    replaceSteps(pages, settings, {
      operationId,
      cause,
      imageOf: () => ({ reference: targetImage, id: null }),
      always: true,
      vhostAnyway: true,
      fact: (client, imageId) => switchFact(client, targetImage, imageId),
    }),
  outcome: (client) => switched(pages, client),
});

/** What the reference means on the client's server. @throws Rejection when the image is not on the client's server, is no client application, or nobody can tell */
export const admitImage = async (
  { pages, cloudServers }: Pick<SwitchDeps, 'pages' | 'cloudServers'>,
  { client }: Pick<ActiveClient, 'client'>,
  reference: string,
  place: { parameter?: string },
  name = reference,
): Promise<ImageFacts> => {
  const { state } = await loadServer(pages.store, client.serverId);
  if (state.status === 'absent') throw new Error(`Server ${client.serverId} does not exist`);
  const { server } = state;
  const options = { deadlineMs: 5000 };
  const image = await clientImageOn(cloudServers.of(server), reference, options).catch((error: unknown) => {
    if (!isCloudServerError(error)) throw error;
    const detail = `Server ${server.name} could not be asked for its images: ${error.message}`;
    throw reject('server_unreachable', detail, place);
  });
  if (image === 'absent') {
    throw reject('image_not_on_server', `Image ${name} is not on server ${server.name}`, place);
  }
  if (image === 'other') {
    throw reject('image_not_on_server', `Image ${name} is not a client application`, place);
  }
  return image;
};

/** The end of a switch, whose fact is recorded as soon as there is no way back. */
export const switched = async ({ store }: PageDeps, { client }: ClientOnServer): Promise<Outcome> => {
  const { state } = await loadClient(store, client.id);
  if (state.status !== 'active') throw new Error(`Client ${client.id} is ${state.status}`);
  const { imageId, previousImage } = state;
  return { fact: null, result: { image: state.client.image, imageId, previousImage } };
};

/** What is recorded of a switch. */
export const switchFact = (
  { client, imageId: fromImageId }: ClientOnServer,
  to: string,
  imageId: string,
): ClientFact => ({
  type: 'ClientImageSwitched',
  data: { from: client.image, to, imageId, ...(fromImageId === null ? {} : { fromImageId }) },
});
