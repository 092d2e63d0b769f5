import type { BuiltCommit } from '@alfa-cloud/contracts';
import { tagOfBranch } from '../source/branch-tag.ts';

/** The tag of one build, e.g. `dev-20261126-183000-1a2b3c4`, and the one of its branch, which moves from build to build. */
export const tagsOf = (
  { branch, sha }: Pick<BuiltCommit, 'branch' | 'sha'>,
  startedAt: string,
): { tag: string; movingTag: string } => {
  const movingTag = tagOfBranch(branch);
  const [day = '', time = ''] = startedAt.replaceAll(/[-:]/g, '').split(/[T.Z]/);
  return { tag: `${movingTag}-${day}-${time}-${sha.slice(0, 7)}`, movingTag };
};

/**
 * Name of an image from its build to its smoke test. What begins so only keeps an image: it stands in no list and no client is switched to
 * it. The image that a client named `build` keeps has another tag.
 */
export const workName = (operationId: string): { repository: string; tag: string } => ({
  repository: 'alfa-keep/build',
  tag: operationId,
});

export const inOne = ({ repository, tag }: { repository: string; tag: string }): string =>
  `${repository}:${tag}`;

/**
 * Labels of an image. None of them is one by which Alfa Cloud knows its own containers: whatever anybody starts from the image has them too.
 */
export const labelsOfBuild = (
  { sha, branch }: Pick<BuiltCommit, 'branch' | 'sha'>,
  { operationId, startedAt }: { operationId: string; startedAt: string },
): Record<string, string> => ({
  'cloud.alfa.build': operationId,
  'cloud.alfa.build.branch': branch,
  'org.opencontainers.image.revision': sha,
  'org.opencontainers.image.created': startedAt,
});
