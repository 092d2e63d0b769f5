import { message, type Message } from '@alfa-cloud/contracts';
import { StepFailure } from '@alfa-cloud/operations';
import { gitOptions } from './git-environment.ts';
import type { CallLimits } from './mirror.ts';
import { runGit } from './run-git.ts';

const askDeadlineMs = 60_000;
const namedMax = 10;

/** Commits of branches by the branches' names. */
export type RemoteHeads = ReadonlyMap<string, string>;

/** The branches that the repository has. */
export const remoteHeads = async (
  url: string,
  env: Readonly<Record<string, string>>,
  limits: CallLimits,
): Promise<RemoteHeads> => {
  const args = [...gitOptions, 'ls-remote', '--heads', '--quiet', '--', url];
  const listed = await runGit({ ...limits, args, env, deadlineMs: limits.deadlineMs ?? askDeadlineMs });
  const lines = listed.split('\n').map((line) => /^([0-9a-f]+)\trefs\/heads\/(.+)$/.exec(line));
  return new Map(lines.flatMap((line) => (line === null ? [] : [[line[2] ?? '', line[1] ?? '']])));
};

/** Why a repository with these branches has not the one that is meant; null: it has. */
export const missingBranch = (
  branch: string,
  branches: readonly string[],
): { code: string; words: Message } | null => {
  if (branches.includes(branch)) return null;
  if (branches.length === 0) {
    return {
      code: 'repository_empty',
      words: message`The repository is empty: push a branch ${branch} to it`,
    };
  }
  const some = [...branches.slice(0, namedMax), ...(branches.length > namedMax ? ['…'] : [])].join(', ');
  return { code: 'branch_missing', words: message`The repository has no branch ${branch}; it has ${some}` };
};

/** What a fetch has failed with, told in full when the branch is not there. */
export const whyNoBranch = async (
  error: unknown,
  {
    url,
    branch,
    env,
    limits,
  }: { url: string; branch: string; env: Readonly<Record<string, string>>; limits: CallLimits },
): Promise<unknown> => {
  if (!/couldn't find remote ref/i.test(String(error))) return error;
  const missing = missingBranch(branch, [...(await remoteHeads(url, env, limits)).keys()]);
  // Made while we asked.
  if (missing === null) return error;
  return new StepFailure('final', missing.code, missing.words, { cause: error });
};
