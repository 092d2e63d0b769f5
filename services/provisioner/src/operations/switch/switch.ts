import { message, reject, switchImage as operation } from '@alfa-cloud/contracts';
import { imageInWords } from '@alfa-cloud/servers';
import { clientOperation } from '../common/client-operation.ts';
import { admitImage, byOtherImage } from '../replacement/other-image.ts';

/** Runs the client from another image. The database is left as it is: migrating it is an operation of its own. */
export const switchImage = clientOperation(operation, (deps) => ({
  async admit({ targetImage }, state) {
    const parameter = 'targetImage';
    const image = await admitImage(deps, state, { reference: targetImage }, { parameter });
    const isSame =
      state.status === 'active' && state.client.image === targetImage && state.imageId === image?.id;
    if (isSame) {
      const detail = message`The client runs from ${imageInWords(targetImage, image.id)} already`;
      throw reject('image_in_use', detail, { parameter });
    }
  },
  ...byOtherImage(deps, (_client, { targetImage }) => ({ reference: targetImage, id: null })),
}));
