import type { BranchRole } from './repository.ts';

/** A commit of the repository. */
export interface Commit extends CommitLine {
  /** Name of the branch, not its role. */
  branch: string;
}

/** A commit as a list shows it. */
export interface CommitLine {
  /** 40 (SHA-1) or 64 (SHA-256) hexadecimal digits. */
  sha: string;
  /** RFC 3339, UTC. */
  committedAt: string;
  /** First line of what the author wrote; at most 200 characters, without control characters. */
  subject: string;
}

/** A commit with who has written it. */
export interface AuthoredCommit extends CommitLine {
  /** At most 200 characters, without control characters. */
  author: string;
}

/** What has come from one commit to another. */
export interface Changes {
  /** Those that the second has and the first has not, newest first; the first 200. */
  commits: AuthoredCommit[];
  commitsTotal: number;
  /** How many the first has that the second has not: the branch was changed by force, or taken back. */
  left: number;
  /** Files that differ between the two. */
  filesChanged: number;
}

/** How a call is cut off, and where it tells what it does. */
export interface SourceIo {
  signal: AbortSignal;
  log: (line: string) => void;
}

/**
 * The repository that images are built from. Failures are {@link StepFailure}s: `transient` ones may be tried again; their words say
 * what to do.
 */
export interface Source {
  /** Fetches the mirror and answers the newest commit of a branch, which is kept from then on, whatever happens to the branch. */
  resolve(role: BranchRole, io: SourceIo): Promise<Commit>;
  /** Makes `folder` hold the files of the commit and nothing else; what was in it is removed. Submodules and files of Git LFS are not fetched, which is logged. */
  checkOut(commit: Pick<Commit, 'sha' | 'branch'>, folder: string, io: SourceIo): Promise<void>;
  /**
   * What lies between two commits; `gone` names those that the mirror does not have any more. Asks the mirror alone, and waits for no transfer, so
   * it answers within seconds. Failures: those of git.
   */
  between(from: string, to: string, signal?: AbortSignal): Promise<Changes | { gone: string[] }>;
}
