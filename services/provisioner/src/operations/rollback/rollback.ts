import { message, reject, rollBackImage, type ImageIdentity } from '@alfa-cloud/contracts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { final } from '../../on-server/failures.ts';
import { keptImageName } from '../../resources/image/kept-image.ts';
import { clientOperation } from '../common/client-operation.ts';
import { admitImage, byOtherImage } from '../replacement/other-image.ts';

const neverSwitched = message`The image of this client was never switched`;

/** Back to exactly the image before the last switch, whatever its name means by now; twice is back again. */
export const rollBack = clientOperation(rollBackImage, (deps) => ({
  async admit(_data, state) {
    const previous = state.status === 'active' ? state.previousImage : null;
    if (previous === null) throw reject('client_has_no_previous_image', neverSwitched);
    await admitImage(deps, state, { reference: previous.reference, imageId: previous.id }, {});
  },
  // Its own name may mean another image by now. This one keeps it on the server.
  ...byOtherImage(deps, previousImageOf, (client) => ({
    reference: keptImageName(client.client.slug),
    imageId: previousImageOf(client).id,
  })),
}));

const previousImageOf = ({ previousImage }: ClientOnServer): ImageIdentity => {
  if (previousImage === null) throw final('client_has_no_previous_image', neverSwitched);
  return previousImage;
};
