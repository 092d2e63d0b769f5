import { createHash } from 'node:crypto';

/** Longest tag of a branch: with date, time and commit after it, it stays below Docker's 128 characters. */
const tagMaxChars = 80;
const hashChars = 16;

/**
 * The tag of a Docker image that stands for a branch. No two branches have the same one: a name of lower-case letters, digits, single inner
 * dots, underscores and hyphens is its own tag; every other one is written readably with a hash of the whole name after `--`, which no name of
 * the first kind holds. So `feature-x` is `feature-x`, and `feature/x` is `feature-x--1b3c…`.
 */
export const tagOfBranch = (branch: string): string => {
  if (branch.length <= tagMaxChars && plain.test(branch) && !ofOneBuild.test(branch)) return branch;
  const hash = createHash('sha256').update(branch).digest('hex').slice(0, hashChars);
  const readable = branch
    .slice(0, tagMaxChars)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, tagMaxChars - hashChars - 2)
    .replaceAll(/^-|-$/g, '');
  return `${readable === '' ? 'branch' : readable}--${hash}`;
};

const plain = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;
/** As the tag of one build ends. A branch of such a name would take the tag of a build of another branch. */
const ofOneBuild = /-\d{8}-\d{6}-[0-9a-f]{7}$/;
