import { isCloudServerError, type CloudServer } from '@alfa-cloud/cloud-server';
import { subjects, type ClientView, type ImagesObservation } from '@alfa-cloud/contracts';
import { loadServer } from '../../domain/load.ts';
import { activeClients } from '../../read-models/active-clients.ts';
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

/** The same soon after something has happened to an image there. */
export const observeImagesOf = async (
  deps: ObservationDeps,
  serverId: string,
  signal: AbortSignal,
): Promise<void> => {
  const clients: ClientView[] = [];
  for await (const page of activeClients(deps.queries, { serverId }, signal)) clients.push(...page);
  const { state } = await loadServer(deps.store, serverId);
  if (clients.length === 0 || state.status === 'absent') return;
  await observeImages(deps, serverId, deps.cloudServers.of(state.server), clients, signal);
};
