import type { ImageBuild, ImageSortField, ImageView, ListImages, Queries } from '@alfa-cloud/contracts';
import type { Clock } from '@alfa-cloud/service-kit';
import { json, type Json } from '../answering/json.ts';
import { limitOf } from '../answering/paging.ts';
import type { Remembered } from '../answering/remembered.ts';
import type { Statements } from '../answering/statements.ts';
import type { ImagesOnServers } from './images-on-servers.ts';

/** Clients told of each image. */
const clientsMax = 100;

/** How many clients run from each image, and the first of them. */
export type ImageUse = ReadonlyMap<string, { count: number; ids: string[] }>;

/** Questions about the images of all servers. */
export interface ImageQueries {
  list(request: Queries['ListImages']['request']): Json<Queries['ListImages']['result']>;
}

export const imageQueries = (options: {
  statements: Statements;
  /** To be forgotten when clients change. */
  uses: Remembered<ImageUse>;
  /** The build that each image comes from, by Docker's id. */
  builds: () => ReadonlyMap<string, ImageBuild>;
  images: Pick<ImagesOnServers, 'seen'>;
  clock: Clock;
}): ImageQueries => {
  const { statements, uses, builds, images, clock } = options;
  const all = (): ImageView[] => {
    const servers = new Set(
      statements
        .of('SELECT id FROM servers WHERE removed = 0')
        .all()
        .map(({ id }) => String(id)),
    );
    const seen = images.seen(clock().getTime()).filter(({ serverId }) => servers.has(serverId));
    return imagesOf(
      seen,
      uses.of('all', () => useOf(statements)),
      builds(),
    );
  };
  return {
    list({ page, sort, filter }) {
      const [limit, offset] = limitOf(page);
      const found = all()
        .filter((image) => matches(image, filter))
        .toSorted((a, b) => compare(a, b, sort));
      return json({ items: found.slice(offset, offset + limit), total: found.length });
    },
  };
};

const useOf = (statements: Statements): ImageUse => {
  const byImage = new Map<string, { count: number; ids: string[] }>();
  const rows = statements
    .of(
      `SELECT id, json_extract(view, '$.imageId') AS image_id FROM clients
       WHERE deleted = 0 AND status = 'active' ORDER BY slug, id`,
    )
    .all();
  for (const { id, image_id: imageId } of rows) {
    if (typeof imageId !== 'string') continue;
    const use = byImage.get(imageId) ?? { count: 0, ids: [] };
    use.count += 1;
    if (use.ids.length < clientsMax) use.ids.push(String(id));
    byImage.set(imageId, use);
  }
  return byImage;
};

/** One entry an image; one without a name that no client runs from is left out. */
const imagesOf = (
  seen: ReturnType<ImagesOnServers['seen']>,
  uses: ImageUse,
  builds: ReadonlyMap<string, ImageBuild>,
): ImageView[] => {
  const places = seen.flatMap(({ serverId, checkedAt, images }) =>
    images.map((image) => ({ image, place: { serverId, references: image.references, checkedAt } })),
  );
  const newest = new Map<string, string>();
  for (const { image } of places) {
    for (const repository of image.references.map(repositoryOf)) {
      if ((newest.get(repository) ?? '') < image.createdAt) newest.set(repository, image.createdAt);
    }
  }
  return [...Map.groupBy(places, ({ image }) => image.id)].flatMap(([id, found]) => {
    const [first] = found;
    if (first === undefined) return [];
    const { version, sizeBytes, createdAt } = first.image;
    const references = [...new Set(found.flatMap(({ place }) => place.references))].toSorted();
    const { count = 0, ids = [] } = uses.get(id) ?? {};
    if (references.length === 0 && count === 0) return [];
    const isNewest = references.some((reference) => newest.get(repositoryOf(reference)) === createdAt);
    const servers = found.map(({ place }) => place).toSorted((a, b) => (a.serverId < b.serverId ? -1 : 1));
    const build = builds.get(id) ?? null;
    const use = { clientCount: count, clientIds: ids, build };
    return [{ id, references, version, sizeBytes, createdAt, servers, ...use, outdated: !isNewest }];
  });
};

/** A colon before the last slash belongs to the registry's port. */
const repositoryOf = (reference: string): string => reference.replace(/:[^:/]*$/, '');

const matches = (image: ImageView, filter: ListImages['filter']): boolean => {
  const { serverId, reference, repository, outdated, inUse, search } = filter;
  const { references, servers, clientCount } = image;
  return (
    (serverId === undefined || servers.some((place) => place.serverId === serverId)) &&
    (reference === undefined || references.includes(reference)) &&
    (repository === undefined || references.some((name) => repositoryOf(name) === repository)) &&
    (outdated === undefined || image.outdated === outdated) &&
    (inUse === undefined || clientCount > 0 === inUse) &&
    (search === undefined || references.some((name) => name.includes(search.toLowerCase())))
  );
};

/** Those without a name come last. */
const valueOf = (image: ImageView, field: ImageSortField): string | number =>
  field === 'name' ? (image.references[0] ?? '~') : image[field];

/** By creation, newest first, where nothing else is wished; the id decides between equals. */
const compare = (a: ImageView, b: ImageView, sort: ListImages['sort']): number => {
  const wishes = sort.length === 0 ? [{ field: 'createdAt', descending: true } as const] : sort;
  for (const { field, descending } of wishes) {
    const [one, other] = [valueOf(a, field), valueOf(b, field)];
    if (one !== other) return one < other === descending ? 1 : -1;
  }
  return a.id < b.id ? -1 : 1;
};
