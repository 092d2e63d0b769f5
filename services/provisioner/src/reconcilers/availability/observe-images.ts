import { isCloudServerError } from '@alfa-cloud/cloud-server';
import {
  subjects,
  type ClientView,
  type ImagesObservation,
  type ServerImagesObservation,
} from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { Feed } from '@alfa-cloud/messaging';
import { type CloudServers, loadServer } from '@alfa-cloud/servers';
import type { Clock, Semaphore } from '@alfa-cloud/service-kit';
import type { OtherImages } from '../../on-server/other-images.ts';
import { clientImages } from '../../resources/image/client-images.ts';
import type { ClientsOfServer } from '../clients-of-server.ts';

export interface ServerImagesDeps {
  store: EventStore;
  cloudServers: CloudServers;
  feed: Feed;
  slots: Semaphore;
  clock: Clock;
  otherImages: OtherImages;
}

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

/** Longest wait for the list of a server's images, ms. */
const listMs = 10_000;
/** Of more images the newest are told: a message on the feed has an end. */
const toldMax = 2000;

/** Publishes which images of the client application a server has. One that does not answer is left with what was seen there before. */
export const observeServerImages = async (
  { store, cloudServers, feed, slots, clock, otherImages }: ServerImagesDeps,
  serverId: string,
  signal: AbortSignal,
): Promise<void> => {
  const { state } = await loadServer(store, serverId);
  if (state.status === 'absent' || state.status === 'removed') return;
  const { docker } = cloudServers.of(state.server);
  const checkedAt = clock().toISOString();
  try {
    const found = await slots.run(() => docker.images({ deadlineMs: listMs, signal }), signal);
    const newest = found.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime()).slice(0, toldMax);
    const observation: ServerImagesObservation = {
      serverId,
      checkedAt,
      images: clientImages(newest, otherImages),
    };
    feed.publish(subjects.serverImages, observation);
  } catch (error) {
    if (!isCloudServerError(error)) throw error;
  }
};
