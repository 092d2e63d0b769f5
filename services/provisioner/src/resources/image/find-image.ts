import {
  isCloudServerError,
  type CallOptions,
  type CloudServer,
  type ImageFacts,
} from '@alfa-cloud/cloud-server';
import { message, type Message } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { QuerySender } from '@alfa-cloud/messaging';
import { type CloudServers, isClientImage, loadServer, type RegisteredServer } from '@alfa-cloud/servers';
import { Semaphore } from '@alfa-cloud/service-kit';
import { allServers } from '../../read-models/in-use.ts';
import { isKeptImageName } from './kept-image.ts';

export interface FindImageDeps {
  store: EventStore;
  queries: QuerySender;
  cloudServers: CloudServers;
}

/** An image by its name, or exactly one by Docker's id. */
export interface SoughtImage {
  reference: string;
  /** Absent: whatever the name means. */
  imageId?: string;
}

/** A server that has the image. */
export interface ImageSource {
  server: Pick<RegisteredServer, 'id' | 'name'>;
  cloud: CloudServer;
  image: ImageFacts;
}

/** Where an image can be had besides the server that wants it. */
export interface FoundImage {
  /** The one whose image was made last comes first: a name may mean various images. */
  sources: readonly ImageSource[];
  inRegistry: boolean;
  /** Names of the servers that have answered, and of those that have not. */
  asked: readonly string[];
  silent: readonly string[];
}

/** Servers asked at the same time, and the longest wait for one, ms. */
const askedAtOnce = 16;
const serverMs = 3000;
const registryMs = 5000;

/**
 * Asks every server that is ready, and where none has the image the registry that its name begins with. A name without one is never asked for
 * at a public registry: anybody may own it there.
 */
export const findImage = async (
  deps: FindImageDeps,
  wanted: SoughtImage,
  { to, signal = AbortSignal.timeout(30_000) }: { to: RegisteredServer; signal?: AbortSignal },
): Promise<FoundImage> => {
  const sources: ImageSource[] = [];
  const asked: string[] = [];
  const silent: string[] = [];
  const ask = async (id: string): Promise<void> => {
    const { state } = await loadServer(deps.store, id);
    if (state.status === 'absent' || state.status === 'removed') return;
    const { server } = state;
    const cloud = deps.cloudServers.of(server);
    try {
      const image = await imageAt(cloud, wanted, { deadlineMs: serverMs, signal });
      asked.push(server.name);
      if (image !== null) sources.push({ server, cloud, image });
    } catch (error) {
      if (!isCloudServerError(error)) throw error;
      silent.push(server.name);
    }
  };
  const slots = new Semaphore(askedAtOnce);
  const servers = await allServers(deps.queries, signal);
  const others = servers.filter(({ id, status }) => id !== to.id && status === 'ready');
  await Promise.all(others.map(({ id }) => slots.run(() => ask(id), signal)));
  sources.sort((a, b) => b.image.createdAt.getTime() - a.image.createdAt.getTime());
  const mayBeInRegistry = sources.length === 0 && registryOf(wanted.reference) !== null;
  const inRegistry = mayBeInRegistry && (await isInRegistry(deps.cloudServers.of(to), wanted, signal));
  return { sources, inRegistry, asked: asked.toSorted(), silent: silent.toSorted() };
};

const imageAt = async (
  { docker }: CloudServer,
  { reference, imageId }: SoughtImage,
  options: CallOptions,
): Promise<ImageFacts | null> => {
  // A digest in the place of a tag is no name that could be given elsewhere.
  if (imageId === undefined && (isKeptImageName(reference) || reference.includes('@'))) return null;
  const image = await docker.image(imageId ?? reference, options);
  return image !== null && isClientImage(image.labels) ? image : null;
};

const isInRegistry = async (
  { docker }: CloudServer,
  { reference }: SoughtImage,
  signal: AbortSignal,
): Promise<boolean> => {
  try {
    return await docker.isInRegistry(reference, { deadlineMs: registryMs, signal });
  } catch (error) {
    if (!isCloudServerError(error)) throw error;
    return false;
  }
};

/** The registry that a reference begins with, as Docker reads it; null: it names none. */
export const registryOf = (reference: string): string | null => {
  const [first = '', rest] = reference.split('/', 2);
  return rest !== undefined && (/[.:]/.test(first) || first === 'localhost') ? first : null;
};

const namedMax = 10;

const namesOf = (names: readonly string[]): string =>
  `${names.slice(0, namedMax).join(', ')}${names.length > namedMax ? ', …' : ''}`;

/** That the image is nowhere, with where it was looked for. */
export const nowhere = (
  { name, reference, server }: { name: string; reference: string; server: string },
  { asked, silent }: FoundImage,
): Message => {
  const here =
    asked.length === 0
      ? message`Image ${name} is not on server ${server}`
      : message`Image ${name} is not on server ${server}, nor on any of the others (${namesOf(asked)})`;
  const registry = registryOf(reference);
  const there = registry === null ? here : message`${here}; registry ${registry} does not give it to us`;
  return silent.length === 0 ? there : message`${there}; these did not answer: ${namesOf(silent)}`;
};
