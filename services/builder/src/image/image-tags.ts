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

/** Repositories whose names only keep an image. */
export const keptPrefix = 'alfa-keep/';

/**
 * Name of an image from its build to its smoke test. What begins so only keeps an image: it stands in no list and no client is switched to
 * it. The image that a client named `build` keeps has another tag.
 */
export const workName = (operationId: string): { repository: string; tag: string } => ({
  repository: `${keptPrefix}build`,
  tag: operationId,
});

export const inOne = ({ repository, tag }: { repository: string; tag: string }): string =>
  `${repository}:${tag}`;

/** Labels of images of builds. */
export const buildLabel = {
  build: 'cloud.alfa.build',
  branch: 'cloud.alfa.build.branch',
  createdAt: 'org.opencontainers.image.created',
  commit: 'org.opencontainers.image.revision',
} as const;

/**
 * Labels of an image. None of them is one by which Alfa Cloud knows its own containers: whatever anybody starts from the image has them too.
 */
export const labelsOfBuild = (
  { sha, branch }: Pick<BuiltCommit, 'branch' | 'sha'>,
  { operationId, startedAt }: { operationId: string; startedAt: string },
): Record<string, string> => ({
  [buildLabel.build]: operationId,
  [buildLabel.branch]: branch,
  [buildLabel.commit]: sha,
  [buildLabel.createdAt]: startedAt,
});

/** An image as its labels tell of it. */
export interface LabelledBuild {
  operationId: string;
  branch: string;
  startedAt: string;
  tag: string;
  movingTag: string;
}

/**
 * The build that has made an image; null: none. Whatever somebody else builds from the image has its labels, too: the engine gives them by the
 * last instructions, in the order of their names.
 */
export const buildOfImage = (
  labels: Readonly<Record<string, string>>,
  lastInstruction: string | null,
): LabelledBuild | null => {
  const { build, branch, createdAt, commit } = buildLabel;
  const told = [build, branch, createdAt, commit].map((name) => labels[name]);
  const [operationId, ofBranch, startedAt, sha] = told;
  if (operationId === undefined || ofBranch === undefined || startedAt === undefined || sha === undefined)
    return null;
  if (lastInstruction?.endsWith(` LABEL ${commit}=${sha}`) !== true) return null;
  const named = tagsOf({ branch: ofBranch, sha }, startedAt);
  return { operationId, branch: ofBranch, startedAt, ...named };
};
