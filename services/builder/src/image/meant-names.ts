import { nameParts } from '@alfa-cloud/servers';

/**
 * What a reference may mean on a server, written as engines list it there: `repository:tag` without Docker's own registry, and the digest. A tag
 * beside a digest counts as well. Pure.
 */
export const meantBy = (reference: string): string[] => {
  const [name = '', digest] = reference.split('@');
  const { repository, tag } = nameParts(name);
  const short = repository.replace(/^(?:index\.)?docker\.io\//, '').replace(/^library\//, '');
  const isByDigestAlone = digest !== undefined && !name.endsWith(`:${tag}`);
  return [...(isByDigestAlone ? [] : [`${short}:${tag}`]), ...(digest === undefined ? [] : [digest])];
};
