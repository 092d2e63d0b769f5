import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorMessage } from '@alfa-cloud/service-kit';
import { gitOptions } from './git-environment.ts';
import { runGit, type GitCall } from './run-git.ts';

/** Where commits of branches stand in the mirror. */
const branchRef = (role: string) => `refs/alfa/branches/${role}`;
/** Keeps a commit although no branch holds it any more. */
const keptRef = (sha: string) => `refs/alfa/commits/${sha}`;

/** Its time is that of the last attempt to tidy the mirror. */
const tidiedAt = (path: string) => join(path, 'alfa-tidied');

const tidyEveryMs = 24 * 60 * 60_000;
const localDeadlineMs = 120_000;
/** Commits that were asked for and stay, the newest. */
const keptMax = 500;

export type CallLimits = Pick<GitCall, 'signal' | 'onLine'> & { deadlineMs?: number };

/** A bare copy of a repository with those of its branches that are built. Used under its lock. */
export interface Mirror {
  /** Runs git on the mirror. */
  run(args: readonly string[], limits?: CallLimits, env?: Readonly<Record<string, string>>): Promise<string>;
  /**
   * Brings one branch up to date; what stood there before may be replaced. A tag of the same name is never meant.
   * @param env environment with the credentials of the repository
   */
  fetchBranch(
    url: string,
    branch: string,
    role: string,
    env: Readonly<Record<string, string>>,
    limits: CallLimits,
  ): Promise<void>;
  /** Fetches a commit by its digits, which most hosts allow. */
  fetchCommit(
    url: string,
    sha: string,
    env: Readonly<Record<string, string>>,
    limits: CallLimits,
  ): Promise<void>;
  /** The commit of a branch as it was fetched. */
  commitOf(role: string, limits?: CallLimits): Promise<string>;
  has(sha: string, limits?: CallLimits): Promise<boolean>;
  /** Keeps a commit from now on. */
  keep(sha: string, limits?: CallLimits): Promise<void>;
  /** Removes what no branch and no kept commit needs, at most once a day; a failure is told and keeps nobody from building. */
  tidy(limits: CallLimits): Promise<void>;
  /** Removes all of it; the next call begins with an empty one. */
  discard(): Promise<void>;
}

/** @param path directory of the mirror, which need not exist yet */
export const openMirror = (path: string, env: Readonly<Record<string, string>>): Mirror => {
  const git = (args: readonly string[], limits: CallLimits = {}, environment = env) =>
    runGit({ deadlineMs: localDeadlineMs, ...limits, args: [...gitOptions, ...args], env: environment });
  const run: Mirror['run'] = (args, limits, environment) =>
    git([`--git-dir=${path}`, ...args], limits, environment);
  const ensure = async (limits: CallLimits) => {
    await removeRemains(path);
    if (existsSync(join(path, 'HEAD'))) return;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const made = `${path}.part-${randomUUID()}`;
    await git(['init', '--quiet', '--bare', '--template=', '--', made], limits);
    // What has just come is in order: tidying would compress all of it anew before the first build.
    await writeFile(tidiedAt(made), '');
    await rename(made, path);
  };
  const fetch = async (
    url: string,
    refspec: string,
    environment: Readonly<Record<string, string>>,
    limits: CallLimits,
  ) => {
    await ensure(limits);
    const options = [
      '--progress',
      '--no-tags',
      '--prune',
      '--no-recurse-submodules',
      '--no-write-fetch-head',
      '--force',
    ];
    await run(['fetch', ...options, '--', url, refspec], limits, environment);
  };
  return {
    run,
    fetchBranch: (url, branch, role, environment, limits) =>
      fetch(url, `+refs/heads/${branch}:${branchRef(role)}`, environment, limits),
    fetchCommit: (url, sha, environment, limits) => fetch(url, `${sha}:${keptRef(sha)}`, environment, limits),
    async commitOf(role, limits) {
      return (
        await run(
          ['rev-parse', '--verify', '--quiet', '--end-of-options', `${branchRef(role)}^{commit}`],
          limits,
        )
      ).trim();
    },
    async has(sha, limits) {
      if (!existsSync(path)) return false;
      const found = await run(['for-each-ref', '--count=1', '--format=%(objectname)', keptRef(sha)], limits);
      return found.trim() === sha;
    },
    async keep(sha, limits) {
      await run(['update-ref', keptRef(sha), sha], limits);
      await dropOldest(run, limits);
    },
    async tidy(limits) {
      const tried = tidiedAt(path);
      const last = await stat(tried).catch(() => null);
      if (last !== null && Date.now() - last.mtimeMs < tidyEveryMs) return;
      await writeFile(tried, '');
      try {
        await run(['gc', '--prune=2.weeks.ago', '--quiet'], limits);
      } catch (error) {
        limits.signal?.throwIfAborted();
        limits.onLine?.(`The copy of the repository could not be tidied: ${errorMessage(error)}`);
      }
    },
    async discard() {
      const old = `${path}.part-${randomUUID()}`;
      // Nothing half removed is ever taken for a mirror.
      if (existsSync(path)) await rename(path, old);
      await rm(old, { recursive: true, force: true });
    },
  };
};

const dropOldest = async (run: Mirror['run'], limits?: CallLimits): Promise<void> => {
  const listed = await run(
    ['for-each-ref', '--sort=-committerdate', '--format=%(refname)', 'refs/alfa/commits'],
    limits,
  );
  for (const ref of listed.split('\n').slice(keptMax))
    if (ref !== '') await run(['update-ref', '-d', ref], limits);
};

/** What a killed process has left while it made or removed a mirror. */
const removeRemains = async (path: string): Promise<void> => {
  const folder = dirname(path);
  if (!existsSync(folder)) return;
  for (const name of await readdir(folder)) {
    if (name.startsWith(`${basename(path)}.part-`))
      await rm(join(folder, name), { recursive: true, force: true });
  }
};
