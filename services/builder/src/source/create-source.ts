import { message } from '@alfa-cloud/contracts';
import { StepFailure } from '@alfa-cloud/operations';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { withAccess } from './access.ts';
import { branchFault } from './branch-name.ts';
import { checkOutTree, type TreeLimits } from './check-out.ts';
import { changesBetween } from './changes-between.ts';
import { commitLines } from './commit-lines.ts';
import { gitEnvironment, type GitSettings } from './git-environment.ts';
import { causeOf, gitFailure, isMirrorBroken } from './git-failures.ts';
import { openMirror, type CallLimits, type Mirror } from './mirror.ts';
import { withMirrorLock } from './mirror-lock.ts';
import type { BranchRole, Repository } from './repository.ts';
import { whyNoBranch } from './remote-branches.ts';
import type { Source, SourceIo } from './source.ts';

export interface SourceConfig {
  /** Where mirrors are kept from build to build; several builders may share it. */
  directory: string;
  git: GitSettings;
  /** Longest time of one transfer from the repository, ms. */
  transferMs: number;
  tree: TreeLimits;
}

export interface SourceDeps extends SourceConfig {
  /** The repository as it is set now; null: none is. */
  repository: () => Promise<Repository | null>;
}

/** A transfer is followed by a check-out at most, under the same lock, ms. */
const besidesTransferMs = 10 * 60_000;

/** The repository by git, over a mirror that is kept. */
export const createSource = ({ directory, git, transferMs, tree, repository }: SourceDeps): Source => {
  const home = join(directory, 'home');
  const env = gitEnvironment(git, home);
  const reach = (repository: Repository, work: (env: Readonly<Record<string, string>>) => Promise<void>) =>
    withAccess(git, repository, work);
  const limitsOf = ({ signal, log }: SourceIo): CallLimits => ({ signal, onLine: log });

  const current = async (): Promise<Repository> => {
    const set = await repository();
    if (set !== null) return set;
    throw new StepFailure('final', 'repository_not_set', message`No repository is set: PUT /repository`);
  };

  /** Does work on the mirror; when that turns out to be broken it is made anew, once. */
  const onMirror = async <T>(
    { url }: Repository,
    signal: AbortSignal | undefined,
    work: (mirror: Mirror) => Promise<T>,
  ): Promise<T> => {
    const path = mirrorPath(directory, url);
    const mirror = openMirror(path, env);
    return withMirrorLock(path, { signal, patienceMs: transferMs + besidesTransferMs }, async () => {
      try {
        return await work(mirror);
      } catch (error) {
        if (!isMirrorBroken(error)) throw error;
        await mirror.discard();
        return await work(mirror);
      }
    }).catch((error: unknown) => {
      throw gitFailure(error);
    });
  };

  return {
    async resolve(role, io) {
      const repository = await current();
      const branch = repository.branches[role];
      const limits = limitsOf(io);
      return onMirror(repository, io.signal, async (mirror) => {
        await reach(repository, (access) =>
          fetchBranch(mirror, { repository, branch, role, env: access, transferMs, limits }),
        );
        const sha = await mirror.commitOf(role, limits);
        await mirror.keep(sha, limits);
        await mirror.tidy(limits);
        const [line] = commitLines(await mirror.run(['log', '-1', ...asLines, sha, '--'], limits));
        if (line === undefined) throw new Error(`git log tells nothing of ${sha}`);
        return { ...line, branch };
      });
    },

    async checkOut({ sha, branch }, folder, io) {
      if (!/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(sha)) throw new TypeError(`${sha} names no commit`);
      const repository = await current();
      const limits = limitsOf(io);
      await onMirror(repository, io.signal, async (mirror) => {
        if (!(await mirror.has(sha, limits))) {
          const role: BranchRole = repository.branches.prod === branch ? 'prod' : 'dev';
          await reach(repository, (access) =>
            fetchCommit(mirror, { repository, branch, role, env: access, transferMs, limits, sha }),
          );
        }
        await checkOutTree(mirror, { sha, folder, limits: tree }, { ...limits, env, warn: io.log });
      });
    },

    async between(from, to, signal) {
      const { url } = await current();
      // Without its lock, which a transfer keeps for long: git reads beside whatever writes.
      return changesBetween(openMirror(mirrorPath(directory, url), env), { from, to, signal }).catch(
        (error: unknown) => {
          throw gitFailure(error);
        },
      );
    },
  };
};

const asLines = ['--no-color', '--format=%H%x00%cI%x00%s', '--no-show-signature', '--no-patch'];

interface Fetching {
  repository: Repository;
  branch: string;
  role: BranchRole;
  env: Readonly<Record<string, string>>;
  transferMs: number;
  limits: CallLimits;
}

const fetchBranch = async (
  mirror: Mirror,
  { repository: { url }, branch, role, env, transferMs, limits }: Fetching,
): Promise<void> => {
  const fault = branchFault(branch);
  if (fault !== null) throw new StepFailure('final', 'branch_name_refused', fault);
  const transfer = { ...limits, deadlineMs: transferMs };
  try {
    await mirror.fetchBranch(url, branch, role, env, transfer);
  } catch (error) {
    throw await whyNoBranch(error, { url, branch, env, limits });
  }
};

/** Brings a commit that the mirror has lost: it comes with its branch, or by its digits where a force-push has taken it away from there. */
const fetchCommit = async (mirror: Mirror, fetching: Fetching & { sha: string }): Promise<void> => {
  const { sha, branch, env, transferMs, limits } = fetching;
  const { url } = fetching.repository;
  const transfer = { ...limits, deadlineMs: transferMs };
  try {
    await mirror.fetchCommit(url, sha, env, transfer);
  } catch (error) {
    if (!/not our ref|unadvertised object|couldn't find remote ref/.test(String(error))) throw error;
    await fetchBranch(mirror, fetching);
    try {
      await mirror.keep(sha, limits);
    } catch (cause) {
      if (causeOf(cause).code !== 'git_failed') throw cause;
      const words = message`Commit ${sha} is not in the repository any more: branch ${branch} was changed by force. Build it anew`;
      throw new StepFailure('final', 'commit_gone', words, { cause });
    }
  }
};

/** One mirror for each address. */
const mirrorPath = (directory: string, url: string): string =>
  join(directory, `${createHash('sha256').update(url).digest('hex').slice(0, 16)}.git`);
