/** Resource identifier of JSON:API. */
export interface ResourceIdentifier {
  type: string;
  id: string;
}

/** Relationship to one resource that has a path of its own. */
export const toOne = (
  type: string,
  id: string | null,
  path = type,
): { data: ResourceIdentifier | null; links?: Record<string, string> } =>
  id === null ? { data: null } : { data: { type, id }, links: { related: `/${path}/${id}` } };

/** Relationship to any number of resources. */
export const toMany = (type: string, ids: readonly string[]): { data: ResourceIdentifier[] } => ({
  data: ids.map((id) => ({ type, id })),
});
