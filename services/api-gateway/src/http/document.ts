import type { ResourceIdentifier } from '@alfa-cloud/contracts';

export interface Relationship {
  data: ResourceIdentifier | ResourceIdentifier[] | null;
  links?: Record<string, string>;
}

/** Resource object of JSON:API. */
export interface Resource extends ResourceIdentifier {
  attributes: Record<string, unknown>;
  relationships?: Record<string, Relationship>;
  links?: Record<string, string>;
}

/** A successful document of JSON:API. */
export interface ResourceDocument {
  /** Bytes: the JSON text of it in UTF-8, sent as it is. */
  data: Resource | Resource[] | Uint8Array | null;
  included?: Resource[];
  links?: Record<string, string | null>;
  meta?: Record<string, unknown>;
}

/** Keeps of a resource only the attributes and relationships named, as `fields[type]` demands. */
export const withFields = (resource: Resource, names: readonly string[] | undefined): Resource => {
  if (names === undefined) return resource;
  const keep = <T>(members: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(members).filter(([name]) => names.includes(name)));
  const relationships = keep(resource.relationships ?? {});
  return {
    type: resource.type,
    id: resource.id,
    attributes: keep(resource.attributes),
    ...(Object.keys(relationships).length === 0 ? {} : { relationships }),
    ...(resource.links === undefined ? {} : { links: resource.links }),
  };
};

/** `meta` of an answer to a query; absent when there is nothing to say. */
export const metaOf = (
  stale: boolean,
  more: Record<string, unknown> = {},
): { meta?: Record<string, unknown> } => {
  const meta = { ...more, ...(stale ? { stale: true } : {}) };
  return Object.keys(meta).length === 0 ? {} : { meta };
};
