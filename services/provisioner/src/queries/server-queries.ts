import { isCloudServerError } from '@alfa-cloud/cloud-server';
import { reject, type ServerImage, type ServerMonitoring } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { QueryHandlers } from '@alfa-cloud/messaging';
import type { Clock } from '@alfa-cloud/service-kit';
import type { CloudServer, ImageSummary } from '@alfa-cloud/cloud-server';
import type { CloudServers } from '../cloud-servers.ts';
import { loadServer } from '../load.ts';
import { isClientImage, label } from '../on-server/labels.ts';

const callMs = 3000;

export interface ServerQueryDeps {
  store: EventStore;
  cloudServers: CloudServers;
  clock: Clock;
  /** References that never stand for a client application. */
  otherImages: readonly string[];
}

/** The queries that are answered by looking at the server itself. */
export const serverQueries = (deps: ServerQueryDeps): QueryHandlers => ({
  async GetServerImages({ id }) {
    const cloud = await cloudOf(deps, id);
    try {
      const images = await cloud.docker.images({ deadlineMs: callMs });
      return { result: { items: clientImages(images, deps.otherImages) } };
    } catch (error) {
      if (!isCloudServerError(error)) throw error;
      throw reject('server_unreachable', `The server could not be asked for its images: ${error.message}`);
    }
  },
  async GetServerMonitoring({ id }) {
    const cloud = await cloudOf(deps, id);
    return { result: await monitor(cloud, deps.clock) };
  },
});

const cloudOf = async ({ store, cloudServers }: ServerQueryDeps, id: string): Promise<CloudServer> => {
  const { state } = await loadServer(store, id);
  if (state.status === 'absent') throw reject('not_found', `Server ${id} does not exist`);
  if (state.status === 'removed') throw reject('gone', `Server ${state.server.name} was removed`);
  return cloudServers.of(state.server);
};

/** One entry a tag, images of other kinds left out, sorted by reference. */
export const clientImages = (
  images: readonly ImageSummary[],
  otherImages: readonly string[],
): ServerImage[] =>
  images
    .filter(({ labels }) => isClientImage(labels))
    .flatMap(({ id, references, labels, sizeBytes, createdAt }) =>
      references.map((reference) => ({
        reference,
        id,
        version: labels[label.imageVersion] ?? null,
        sizeBytes,
        createdAt: createdAt.toISOString(),
      })),
    )
    .filter(({ reference }) => !otherImages.includes(reference))
    .sort((a, b) => (a.reference < b.reference ? -1 : 1));

/** Every value is null that could not be had: an engine that is away says nothing about memory and disk. */
const monitor = async (cloud: CloudServer, clock: Clock): Promise<ServerMonitoring> => {
  const [measured, info] = await Promise.all([
    cloud.measure({ deadlineMs: callMs }),
    cloud.docker.info({ deadlineMs: callMs }).catch(() => null),
  ]);
  return { ...measured, containers: info?.containers ?? null, checkedAt: clock().toISOString() };
};
