import { isCloudServerError } from '@alfa-cloud/cloud-server';
import { message, reasonOf, reject, type ServerImage, wordsOf } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { QueryHandlers, QuerySender } from '@alfa-cloud/messaging';
import type { CloudServer, ImageSummary } from '@alfa-cloud/cloud-server';
import { type CloudServers, loadServer } from '@alfa-cloud/servers';
import { activeClients } from '../read-models/in-use.ts';
import { clientImages } from '../resources/image/client-images.ts';
import type { OtherImages } from '../on-server/other-images.ts';

const callMs = 3000;
/** Longest wait for the read models, ms. */
const clientsMs = 5000;

export interface ServerQueryDeps {
  store: EventStore;
  cloudServers: CloudServers;
  queries: QuerySender;
  otherImages: OtherImages;
}

/** The queries that are answered by looking at the server itself. */
export const serverQueries = (
  deps: ServerQueryDeps,
): Pick<QueryHandlers, 'GetServerImages' | 'GetServerLink'> => ({
  async GetServerLink({ id }) {
    const { access } = await cloudOf(deps, id);
    if (access.kind === 'local') return { result: null };
    const { link } = access;
    if (link.status === 'up') return { result: { status: 'up', failure: null, retryInMs: 0 } };
    const { failure, retryInMs } = link;
    const reason = failure === null ? null : { code: failure.code, ...reasonOf(failure.words) };
    return { result: { status: 'down', failure: reason, retryInMs } };
  },
  async GetServerImages({ id }) {
    const cloud = await cloudOf(deps, id);
    try {
      const [images, clients] = await Promise.all([
        cloud.docker.images({ deadlineMs: callMs }),
        clientsByImage(deps.queries, id),
      ]);
      return { result: { items: imagesWithClients(images, clients, deps.otherImages) } };
    } catch (error) {
      if (!isCloudServerError(error)) throw error;
      throw reject(
        'server_unreachable',
        message`The server could not be asked for its images: ${wordsOf(error)}`,
      );
    }
  },
});

const cloudOf = async ({ store, cloudServers }: ServerQueryDeps, id: string): Promise<CloudServer> => {
  const { state } = await loadServer(store, id);
  if (state.status === 'absent') throw reject('not_found', message`Server ${id} does not exist`);
  if (state.status === 'removed') throw reject('gone', message`Server ${state.server.name} was removed`);
  return cloudServers.of(state.server);
};

/** Clients that run from each image of a server, by its id. */
const clientsByImage = async (queries: QuerySender, serverId: string): Promise<Map<string, string[]>> => {
  const byImage = new Map<string, string[]>();
  const signal = AbortSignal.timeout(clientsMs);
  for await (const { id, imageId } of activeClients(queries, { serverId }, signal)) {
    if (imageId !== null) byImage.set(imageId, [...(byImage.get(imageId) ?? []), id]);
  }
  return byImage;
};

/** One entry an image, sorted by its first name. Leaves out images that no client runs from and that have no name. */
export const imagesWithClients = (
  images: readonly ImageSummary[],
  clients: ReadonlyMap<string, string[]>,
  otherImages: OtherImages,
): ServerImage[] =>
  clientImages(images, otherImages)
    .map((image) => ({ ...image, clientIds: clients.get(image.id) ?? [] }))
    .filter(({ references, clientIds }) => references.length > 0 || clientIds.length > 0)
    .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));

/** Those without a name come last. */
const sortKey = ({ references: [first], id }: ServerImage): string => first ?? `~${id}`;
