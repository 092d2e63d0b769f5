import {
  CloudServerError,
  isCloudServerError,
  type CallOptions,
  type DockerEngine,
} from '@alfa-cloud/cloud-server';
import { message } from '@alfa-cloud/contracts';

/**
 * Names an image that has just come to a server. Until then it has no name, so that a prune, or the end of another transfer of it, may take it away.
 * Failures: transient `not_found` when that has happened: bringing it again helps; those of the engine.
 */
export const nameCarried = async (
  docker: DockerEngine,
  imageId: string,
  name: { repository: string; tag: string },
  options: CallOptions,
): Promise<void> => {
  try {
    await docker.tagImage(imageId, name, options);
  } catch (error) {
    if (!isCloudServerError(error) || error.code !== 'not_found') throw error;
    const words = message`The image was removed from the server before it had its name there`;
    throw new CloudServerError('transient', 'not_found', words, { cause: error });
  }
};
