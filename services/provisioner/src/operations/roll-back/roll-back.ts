import { reject, type CommandData, type ImageIdentity } from '@alfa-cloud/contracts';
import { inWords } from '../../resources/image/client-image.ts';
import { final } from '../../on-server/failures.ts';
import type { ClientAction } from '../common/client-operation.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { replaceSteps } from '../replacement/replace-container.ts';
import { admitImage, switched, switchFact, type SwitchDeps } from '../switch/switch.ts';

/** Back to exactly the image before the last switch, whatever its name means by now; twice is back again. */
export const rollBack = ({
  pages,
  cloudServers,
  settings,
}: SwitchDeps): ClientAction<CommandData<'RollBackImage'>> => ({
  kind: 'client.rollback',
  async admit(_data, state) {
    const previous = state.status === 'active' ? state.previousImage : null;
    if (previous === null) {
      throw reject('client_has_no_previous_image', 'The image of this client was never switched');
    }
    const { reference, id } = previous;
    await admitImage({ pages, cloudServers }, state, id, {}, inWords(reference, id));
  },
  steps: ({ operationId, cause }) =>
    replaceSteps(pages, settings, {
      operationId,
      cause,
      imageOf: previousImageOf,
      always: true,
      vhostAnyway: true,
      fact: (client, imageId) => switchFact(client, previousImageOf(client).reference, imageId),
    }),
  outcome: (client) => switched(pages, client),
});

const previousImageOf = ({ previousImage }: ClientOnServer): ImageIdentity => {
  if (previousImage === null) {
    throw final('client_has_no_previous_image', 'The image of this client was never switched');
  }
  return previousImage;
};
