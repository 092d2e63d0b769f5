import { isCloudServerError } from '@alfa-cloud/cloud-server';
import { reject, type CommandData } from '@alfa-cloud/contracts';
import type { CloudServers } from '../../cloud-servers.ts';
import { loadServer } from '../../load.ts';
import { isClientImage } from '../../on-server/labels.ts';
import type { ClientAction, Outcome } from '../client-operation.ts';
import type { ClientOnServer } from '../client-on-server.ts';
import type { ActiveClient } from '../client-state.ts';
import type { PageDeps } from '../page.ts';
import { replacedContainer, replaceSteps } from '../replace/replace-container.ts';
import type { ReplaceSettings } from '../replace/replacement.ts';

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
    if (state.client.image === targetImage) {
      throw reject('image_in_use', `The client runs from ${targetImage} already`, { parameter });
    }
    await admitImage({ pages, cloudServers }, state, targetImage, { parameter });
  },
  steps: ({ data: { targetImage }, operationId }) =>
    replaceSteps(pages, settings, {
      operationId,
      imageOf: () => targetImage,
      always: true,
      vhostAnyway: true,
    }),
  outcome: (client, { operationId, data }) => switched(client, operationId, data.targetImage),
});

/** @throws Rejection when the image is not on the client's server, is no client application, or nobody can tell */
export const admitImage = async (
  { pages, cloudServers }: Pick<SwitchDeps, 'pages' | 'cloudServers'>,
  { client }: Pick<ActiveClient, 'client'>,
  reference: string,
  place: { parameter?: string },
): Promise<void> => {
  const { state } = await loadServer(pages.store, client.serverId);
  if (state.status === 'absent') throw new Error(`Server ${client.serverId} does not exist`);
  const { server } = state;
  const image = await cloudServers
    .of(server)
    .docker.image(reference, { deadlineMs: 5000 })
    .catch((error: unknown) => {
      if (!isCloudServerError(error)) throw error;
      const detail = `Server ${server.name} could not be asked for its images: ${error.message}`;
      throw reject('server_unreachable', detail, place);
    });
  if (image === null) {
    throw reject('image_not_on_server', `Image ${reference} is not on server ${server.name}`, place);
  }
  if (!isClientImage(image.labels)) {
    throw reject('image_not_on_server', `Image ${reference} is not a client application`, place);
  }
};

/** The end of a switch; asked after a crash, it may have been recorded already. */
export const switched = async (
  client: ClientOnServer,
  operationId: string,
  target: string,
): Promise<Outcome> => {
  const container = await replacedContainer(client, operationId);
  if (container === null) throw new Error(`Container ${client.names.container} is not of this operation`);
  const isRecorded = client.containerOrigin.operationId === operationId;
  const from = isRecorded ? (client.previousImage ?? '') : client.client.image;
  const to = isRecorded ? client.client.image : target;
  return {
    fact: { type: 'ClientImageSwitched', data: { from, to, imageId: container.imageId } },
    result: { image: to, imageId: container.imageId, previousImage: from },
  };
};
