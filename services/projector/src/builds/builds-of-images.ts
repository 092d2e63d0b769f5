import type { BuildView, ImageBuild } from '@alfa-cloud/contracts';
import type { Statements } from '../answering/statements.ts';

/** Builds looked at, newest first: an image that is older is told without one. */
const buildsMax = 500;

/** The build that has made each image, by Docker's id of it: on the server that built it, and on those that got it. */
export const buildsOfImages = (statements: Statements): ReadonlyMap<string, ImageBuild> => {
  const rows = statements
    .of('SELECT view FROM builds WHERE made_image IS NOT NULL ORDER BY number DESC LIMIT ?')
    .all(buildsMax);
  const found = new Map<string, ImageBuild>();
  for (const row of rows) {
    const { id, role, commit, imageId, servers } = JSON.parse(String(row['view'])) as BuildView;
    if (commit === null) continue;
    const build = { buildId: id, role, branch: commit.branch, commit: commit.sha };
    for (const image of [imageId, ...servers.map((place) => place.imageId)]) {
      if (image !== null && !found.has(image)) found.set(image, build);
    }
  }
  return found;
};
