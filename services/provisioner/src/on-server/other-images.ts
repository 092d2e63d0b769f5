/** Images that never stand for a client application. */
export interface OtherImages {
  /** @param reference `repository:tag` */
  includes(reference: string): boolean;
}

/** @param names each `repository:tag`, or `repository` for all its tags */
export const otherImages = (names: readonly string[]): OtherImages => {
  const known = new Set(names);
  return { includes: (reference) => known.has(reference) || known.has(repositoryOf(reference)) };
};

/** A colon before the last slash belongs to the registry's port. */
const repositoryOf = (reference: string): string => reference.replace(/:[^:/]*$/, '');
