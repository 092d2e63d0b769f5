import { isCloudServerError, type CloudServer } from '@alfa-cloud/cloud-server';
import { subjects, type ClientView, type ImagesObservation } from '@alfa-cloud/contracts';
import type { ObservationDeps } from './observe-server.ts';

const imageMs = 5000;

/**
 * Says on the live feed what the names of the clients' images mean on their server now. Says nothing of a name about which the engine could
 * not be asked: what was known of it grows old by itself.
 */
export const observeImages = async (
  { feed, slots, clock }: Pick<ObservationDeps, 'feed' | 'slots' | 'clock'>,
  serverId: string,
  { docker }: CloudServer,
  clients: readonly Pick<ClientView, 'image'>[],
  signal: AbortSignal,
): Promise<void> => {
  const checkedAt = clock().toISOString();
  const references = [...new Set(clients.map(({ image }) => image))];
  const images = await Promise.all(
    references.map((reference) =>
      slots.run(async (): Promise<ImagesObservation['images']> => {
        try {
          const found = await docker.image(reference, { deadlineMs: imageMs, signal });
          return [{ reference, id: found?.id ?? null }];
        } catch (error) {
          if (!isCloudServerError(error)) throw error;
          return [];
        }
      }, signal),
    ),
  );
  const observation: ImagesObservation = { serverId, checkedAt, images: images.flat() };
  if (observation.images.length > 0) feed.publish(subjects.imagesOnServer, observation);
};
