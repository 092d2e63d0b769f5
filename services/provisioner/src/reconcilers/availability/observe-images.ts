import { isCloudServerError } from '@alfa-cloud/cloud-server';
import { subjects, type ClientView, type ImagesObservation } from '@alfa-cloud/contracts';
import type { Feed } from '@alfa-cloud/messaging';
import type { Clock, Semaphore } from '@alfa-cloud/service-kit';
import type { ClientsOfServer } from '../clients-of-server.ts';

/** Longest wait for the engine's answer about one image, ms. */
const imageMs = 5000;

/**
 * Publishes which images the names used by the clients stand for on their server now. Names about which the engine does not answer are left out:
 * what is known of them grows old by itself.
 */
export const observeImages = async (
  { feed, slots, clock }: { feed: Feed; slots: Semaphore; clock: Clock },
  {
    server,
    cloud,
    clients,
  }: Omit<ClientsOfServer, 'clients'> & { clients: readonly Pick<ClientView, 'image'>[] },
  signal: AbortSignal,
): Promise<void> => {
  const checkedAt = clock().toISOString();
  const references = [...new Set(clients.map(({ image }) => image))];
  const inspect = async (reference: string): Promise<ImagesObservation['images']> => {
    try {
      const found = await cloud.docker.image(reference, { deadlineMs: imageMs, signal });
      return [{ reference, id: found?.id ?? null }];
    } catch (error) {
      if (!isCloudServerError(error)) throw error;
      return [];
    }
  };
  const images = await Promise.all(
    references.map((reference) => slots.run(() => inspect(reference), signal)),
  );
  const observation: ImagesObservation = { serverId: server.id, checkedAt, images: images.flat() };
  if (observation.images.length > 0) feed.publish(subjects.imagesOnServer, observation);
};
